using System.Diagnostics;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.DataPath;

/// <summary>Our side of the data path, and ML.NET's: all images of a folder through a pipeline, once to warm up, then some times by the clock.</summary>
internal static class DataPathWork
{
    /// <summary>LoadPixels, read as the trainer reads: on all processors, into the trainer's store of pixels.</summary>
    public const string Trainer = "trainer";

    /// <summary>LoadPixels, by a plain cursor, as any consumer of a data view has it.</summary>
    public const string Cursor = "cursor";

    /// <summary>LoadPixels, by a cursor that is confined to one thread.</summary>
    public const string OneThread = "one-thread";

    /// <summary>ML.NET's own three steps, read as the trainer reads.</summary>
    public const string MLNet = "ml.net";

    /// <summary>Name of the figure for the processors' time per image, all threads and processes together.</summary>
    public const string CpuMilliseconds = "cpuMilliseconds";

    public static Measurement Measure(string folder, string mode, int passes, int repeat)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = mode == MLNet ? ImagePipeline.MLNet(ml, folder, repeat) : ImagePipeline.Ours(ml, folder, repeat);
        Func<IDataView, int> read = mode switch
        {
            Trainer or MLNet => Store,
            Cursor => view => Count(view.GetRowCursor([view.Schema[ImagePipeline.Pixels]])),
            OneThread => view => Count(view.GetRowCursorSet([view.Schema[ImagePipeline.Pixels]], 1, null)[0]),
            _ => throw new BenchException($"There is no mode '{mode}'."),
        };
        read(data);
        var rates = new double[passes];
        (TimeSpan cpu, int total) = (Environment.CpuUsage.TotalTime, 0);
        for (int pass = 0; pass < passes; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            int images = read(data);
            rates[pass] = images / Stopwatch.GetElapsedTime(start).TotalSeconds;
            total += images;
        }
        double milliseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / total;
        return new Measurement(rates, Status.PeakBytes, MachineLine.Build, Figures: new() { [CpuMilliseconds] = milliseconds });
    }

    private static int Store(IDataView data)
    {
        var options = new CnnTrainerOptions { FeatureColumnName = ImagePipeline.Pixels };
        (DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format) = InputColumns.ForTraining(data.Schema, options);
        var images = new TrainingImages(options, ClassLabels.Unnamed(2), _ => { }, warning => throw new BenchException(warning));
        using var store = images.Read(data, label, feature, format, "training");
        return store.Count;
    }

    private static int Count(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var getter = cursor.GetGetter<VBuffer<byte>>(cursor.Schema[ImagePipeline.Pixels]);
            VBuffer<byte> pixels = default;
            int count = 0;
            for (; cursor.MoveNext(); count++)
            {
                getter(ref pixels);
                if (pixels.Length == 0)
                    throw new BenchException("A row has no pixels.");
            }
            return count;
        }
    }
}
