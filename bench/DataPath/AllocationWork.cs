using CnnTrainers.Bench.Harness;
using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.DataPath;

/// <summary>What a row leaves to the garbage collector in steady state, and by how much the process grows.</summary>
internal static class AllocationWork
{
    public const string BytesPerRow = "bytesPerRow", Growth = "growth";

    private const int WarmUpRows = 200, Rows = 600;

    public static Measurement Measure(string folder, string mode)
    {
        var ml = new MLContext(seed: 1);
        int files = new DirectoryInfo(folder).EnumerateFiles("*.jpg", SearchOption.AllDirectories).Count();
        int repeat = (WarmUpRows + Rows + files - 1) / files;
        IDataView data = mode == DataPathWork.MLNet ? ImagePipeline.MLNet(ml, folder, repeat) : ImagePipeline.Ours(ml, folder, repeat);
        var meter = new Meter();
        if (mode == DataPathWork.Cursor)
            ReadCursor(data, meter);
        else
            ReadAsTrainer(data, meter);
        return new Measurement([], Status.PeakBytes, MachineLine.Build, Figures: new()
        {
            [BytesPerRow] = meter.Bytes / (double)meter.Rows,
            [Growth] = meter.Growth,
        });
    }

    private static void ReadAsTrainer(IDataView data, Meter meter)
    {
        var options = new CnnTrainerOptions { FeatureColumnName = ImagePipeline.Pixels };
        (DataViewSchema.Column label, DataViewSchema.Column feature, ImageFormat format) = InputColumns.ForTraining(data.Schema, options);
        using var rows = new ParallelRows(data, label, feature, format, Environment.ProcessorCount, CancellationToken.None);
        rows.ForEach((block, _) => meter.Count(rows.Blocks * (long)block.Bytes));
    }

    private static void ReadCursor(IDataView data, Meter meter)
    {
        DataViewSchema.Column column = data.Schema[ImagePipeline.Pixels];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<byte>>(column);
        VBuffer<byte> pixels = default;
        while (cursor.MoveNext())
        {
            getter(ref pixels);
            meter.Count(0);
        }
    }

    // Counts rows; what happens between the last one of the warm-up and the last one of all is steady state.
    private sealed class Meter
    {
        private int _count;
        private long _allocated, _resident, _kept;

        public int Rows { get; private set; }

        public long Bytes { get; private set; }

        public long Growth { get; private set; }

        /// <summary>Counts a row.</summary>
        /// <param name="kept">Bytes that were allocated so far to be used again and again: they are no garbage.</param>
        public void Count(long kept)
        {
            _count++;
            if (_count == WarmUpRows)
                (_allocated, _resident, _kept) = (GC.GetTotalAllocatedBytes(precise: true), Status.ResidentBytes, kept);
            if (_count == WarmUpRows + AllocationWork.Rows)
                (Rows, Bytes, Growth) = (_count - WarmUpRows, GC.GetTotalAllocatedBytes(precise: true) - _allocated - (kept - _kept), Status.ResidentBytes - _resident);
        }
    }
}
