using System.Diagnostics;
using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Bench.Fuzz;

/// <summary>Damages a file in many ways and reads what is left: pixels or an error that says what is wrong, nothing else.</summary>
internal static class FuzzWork
{
    public const string Pixels = "pixels", Errors = "errors", Slowest = "slowest";

    private const int Side = 64;

    public static Measurement Measure(string file, int count)
    {
        byte[] whole = File.ReadAllBytes(file);
        var ml = new MLContext(seed: 1);
        ITransformer reader = ml.Transforms.LoadPixels("Pixels", Side, Side, inputColumnName: "File").Fit(ml.Data.LoadFromEnumerable([new Row { File = whole }]));
        using var engine = ml.Model.CreatePredictionEngine<Row, Planes>(reader);
        engine.Predict(new Row { File = whole });
        var random = new Random(1);
        (int pixels, int errors, double slowest) = (0, 0, 0);
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = Damage(whole, random);
            long start = Stopwatch.GetTimestamp();
            if (IsRead(engine, damaged)) pixels++;
            else errors++;
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return new Measurement([], Status.PeakBytes, MachineLine.Build, Figures: new() { [Pixels] = pixels, [Errors] = errors, [Slowest] = slowest });
    }

    private static bool IsRead(PredictionEngine<Row, Planes> engine, byte[] file)
    {
        try
        {
            return engine.Predict(new Row { File = file }).Pixels.Length == 3 * Side * Side ? true : throw new BenchException("There are too few pixels.");
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        byte[] some = [.. whole];
        int at = random.Next(whole.Length), length = random.Next(1, Math.Min(64, whole.Length - at) + 1);
        switch (random.Next(8))
        {
            case 0: return some[..at];
            case 1: return [.. some[..at], .. some[(at + length)..]];
            case 2: return [.. some[..(at + length)], .. some[at..]];
            case 3: some.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0 : (byte)255); return some;
            case 4: random.NextBytes(some.AsSpan(at, length)); return some;
            case 5: Flip(some, some.Length, random); return some;
            default: Flip(some, Math.Min(64, some.Length), random); return some; // sizes and kinds are in the first bytes
        }
    }

    private static void Flip(byte[] some, int within, Random random)
    {
        for (int n = random.Next(1, 9); n > 0; n--) some[random.Next(within)] ^= (byte)(1 << random.Next(8));
    }

    private sealed class Row
    {
        public byte[] File { get; set; } = [];
    }

    private sealed class Planes
    {
        public byte[] Pixels { get; set; } = [];
    }
}
