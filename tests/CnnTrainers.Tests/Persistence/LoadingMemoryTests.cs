using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnTrainers.Tests.Persistence;

/// <summary>Models that are loaded again and again, as a service does that follows a file.</summary>
public sealed class LoadingMemoryTests
{
    private const int Size = 67, Loads = 16;

    private static readonly Lazy<byte[]> File = new(() =>
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(at => new Image { Label = (uint)at % 2 }));
        using var model = ml.MulticlassClassification.Trainers.Cnn(NinVariant.Nin, new CnnTrainerOptions { Epochs = 1, BatchSize = 2, Seed = 1 }).Fit(rows);
        using var file = new MemoryStream();
        ml.Model.Save(model, rows.Schema, file);
        return file.ToArray();
    });

    [Fact]
    public void Models_that_nobody_disposes_are_collected_as_they_come()
    {
        LiveTensors.Settled();
        Load(Loads / 2, dispose: false);
        var before = Environment.WorkingSet;

        Load(Loads, dispose: false);

        AssertGrew(before, most: Loads); // twice as many where nothing is collected
    }

    [Fact]
    public void Models_that_are_disposed_leave_nothing()
    {
        Load(3, dispose: true);
        var (tensors, memory) = (LiveTensors.Settled(), Environment.WorkingSet);

        var parameters = Load(Loads, dispose: true);

        LiveTensors.AssertNoneSince(tensors, parameters);
        AssertGrew(memory, most: Loads / 4); // what the memory's owners keep for the next use comes and goes
    }

    /// <summary>In networks. Memory that earlier tests kept may go back meanwhile: only growth is judged.</summary>
    private static void AssertGrew(long before, int most)
    {
        var grown = (Environment.WorkingSet - before) / (double)File.Value.Length;
        Assert.True(grown <= most, $"the process grew by {grown:0.0} networks");
    }

    private static int Load(int times, bool dispose)
    {
        var ml = new MLContext();
        var (row, parameters) = (ml.Data.LoadFromEnumerable([new Image()]), 0);
        for (var i = 0; i < times; i++)
        {
            var model = ml.Model.Load(new MemoryStream(File.Value), out _);
            Assert.Equal(2, model.Transform(row).GetColumn<float[]>("Score").Single().Length);
            using (var use = ((CnnTransformer)model).Network.Use())
                parameters += use.Network.parameters().Count();
            if (dispose)
                ((IDisposable)model).Dispose();
        }
        return parameters;
    }

    private sealed class Image
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(3, Size, Size)]
        public float[] Features { get; set; } = new float[3 * Size * Size];
    }
}
