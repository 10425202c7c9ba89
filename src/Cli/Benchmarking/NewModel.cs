using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Benchmarking;

/// <summary>A model file of an architecture that nobody has trained: one step on noise. It scores as fast as a trained one.</summary>
internal static class NewModel
{
    private sealed class Row
    {
        public byte[] Pixels { get; set; } = [];

        public uint Label { get; set; }
    }

    public static void Write(string path, CnnArchitecture architecture, int height, int width, int classes, CancellationToken cancel)
    {
        var shape = new ImageShape(architecture.DefaultChannels, height, width);
        var random = new Random(1);
        Row[] rows = [.. Enumerable.Range(0, 4).Select(i =>
        {
            var row = new Row { Pixels = new byte[shape.Size], Label = (uint)(i % 2) + 1 };
            random.NextBytes(row.Pixels);
            return row;
        })];
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Byte, shape.Channels, height, width);
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(rows, schema);
        var options = new CnnTrainerOptions
        {
            FeatureColumnName = nameof(Row.Pixels), Epochs = 1, BatchSize = 4, Seed = 1, Device = CnnDevice.Cpu, Precision = CnnPrecision.Float32, LearningRate = 1e-6, CancellationToken = cancel,
        };
        using CnnTransformer network = ml.MulticlassClassification.Trainers.Cnn(architecture, options).Fit(data);
        ml.Model.Save(network, data.Schema, path);
    }
}
