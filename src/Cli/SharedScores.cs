using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli;

/// <summary>What a model says about a data set whose images the processes of an MPI run share: each scores a part, all get all.</summary>
internal static class SharedScores
{
    /// <summary>The rows of the whole data set, in its order, with what metrics are made of.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="model">The whole pipeline.</param>
    /// <param name="data">The images, which are the same in all processes.</param>
    /// <param name="classes">The names of the scores.</param>
    public static IDataView Of(MLContext ml, ITransformer model, DataSet data, IReadOnlyList<string> classes)
    {
        IDataView own = model.Transform(data.Subset(Enumerable.Range(0, data.Count).Take(Launched.Part(data.Count))).Load(ml));
        using var bytes = new MemoryStream();
        foreach ((uint label, float[] scores) in own.GetColumn<uint>("Label").Zip(own.GetColumn<float[]>("Score")))
        {
            bytes.Write(MemoryMarshal.AsBytes([label]));
            bytes.Write(MemoryMarshal.AsBytes(scores.AsSpan()));
        }
        int length = sizeof(uint) + classes.Count * sizeof(float);
        IReadOnlyList<byte[]> parts = Launched.Gather(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        Row[] rows = [.. parts.SelectMany(part => Enumerable.Range(0, part.Length / length).Select(row => new Row(part.AsSpan(row * length, length))))];
        return ml.Data.LoadFromEnumerable(rows, Schema(own.Schema, classes));
    }

    private static SchemaDefinition Schema(DataViewSchema scored, IReadOnlyList<string> classes)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        foreach (string column in (string[])[nameof(Row.Label), nameof(Row.Score)]) schema[column].ColumnType = scored[column].Type;
        var names = new VBuffer<ReadOnlyMemory<char>>(classes.Count, [.. classes.Select(name => name.AsMemory())]);
        schema[nameof(Row.Score)].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, classes.Count));
        return schema;
    }

    private sealed class Row
    {
        public Row() { }

        public Row(ReadOnlySpan<byte> bytes)
        {
            Label = unchecked(MemoryMarshal.Read<uint>(bytes) - 1); // keys are from 1 in columns, with 0 for none, and from 0 in objects
            Score = MemoryMarshal.Cast<byte, float>(bytes[sizeof(uint)..]).ToArray();
        }

        public uint Label { get; set; }

        public float[] Score { get; set; } = [];

        /// <summary>Asked for by ML.NET, which takes the likeliest class from the scores.</summary>
        public uint PredictedLabel { get; set; }
    }
}
