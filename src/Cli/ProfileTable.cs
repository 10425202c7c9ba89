using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Cli;

/// <summary>What <c>cnn train --profile</c> prints: where a step's time went, and how far that is from what the machine can do.</summary>
internal static class ProfileTable
{
    private const int Side = 2048; // of the matrices: large enough for the peak, small enough to be over in a moment

    /// <summary>Prints the profile of a fit of a network.</summary>
    public static void Print(Output output, TrainingProfile profile, CnnTransformer network)
    {
        if (profile.Steps == 0)
        {
            output.Line("No step was trained: the run that was interrupted had come to its end.");
            return;
        }
        Table table = new Table().Border(TableBorder.None).AddColumn("part of a step").AddColumn("ms").AddColumn("share").AddColumn("");
        void Row(string name, double seconds, string meaning) => table.AddRow(
            name, Text(seconds / profile.Steps * 1000, "0.0"), Text(seconds / profile.Total, "0.0 %"), Markup.Escape(meaning));
        Row("waiting", profile.Waiting, "for the next batch");
        Row("forward", profile.Forward, "outputs and loss");
        Row("backward", profile.Backward, "gradients");
        Row("optimizer", profile.Optimizer, "clipping, step, moving average");
        Row("other", profile.Other, "counting, logging");
        table.AddRow("(data)", Text(profile.Data / profile.Steps * 1000, "0.0"), "", "making a batch, beside the step, on all threads together");
        output.Table(table);

        double flops = 3.0 * NetworkSummary.Of(network.Architecture, network.ImageShape, network.ClassNames.Count).Flops * profile.Images / profile.Total / 1e9;
        double peak = Peak(profile.Precision);
        output.Line(Text(profile.ImagesPerSecond, "0.0") + $" images/s in {profile.Precision}: {flops.ToString("0", CultureInfo.InvariantCulture)} GFLOP/s, "
            + Text(flops / peak, "0 %") + $" of the {peak.ToString("0", CultureInfo.InvariantCulture)} of a matrix product in that precision. "
            + "Convolutions by Winograd need fewer operations than are counted here.");
    }

    /// <summary>Billions of operations a second in a product of two square matrices: the best of a few.</summary>
    private static double Peak(CnnPrecision precision)
    {
        using var noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor a = rand(Side, Side), b = rand(Side, Side);
        if (precision == CnnPrecision.BFloat16) (a, b) = (a.to(ScalarType.BFloat16), b.to(ScalarType.BFloat16));
        double best = double.MaxValue;
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            mm(a, b).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return 2.0 * Side * Side * Side / best / 1e9;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
