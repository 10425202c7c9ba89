using System.Diagnostics;
using System.Globalization;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Persistence;

/// <summary>
/// This assembly as a program of its own: it loads a model file and prints the scores of five toy images. It mentions no type of
/// CnnTrainers before the load, so that only the file leads to the library.
/// </summary>
internal static class ScoringProcess
{
    public static void Main(string[] arguments)
    {
        if (arguments is ["torchvision", var folder])
        {
            Weights.TorchvisionCheck.Run(folder);
            return;
        }
        if (arguments is ["keep", var kept])
        {
            KeptModel.Write(kept);
            return;
        }
        var ml = new MLContext();
        var model = ml.Model.Load(arguments[0], out _);
        var rows = Toy.Rows(ml, 5, seed: 3);
        foreach (var score in model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score))
            Console.WriteLine(score.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Runs it on a model file.</summary>
    public static float[] Run(string path)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ScoringProcess).Assembly.Location, path])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => float.Parse(line, CultureInfo.InvariantCulture))];
    }
}
