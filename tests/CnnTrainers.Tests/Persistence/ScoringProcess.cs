using System.Diagnostics;
using System.Globalization;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit.MicrosoftTestingPlatform;

namespace CnnTrainers.Tests.Persistence;

/// <summary>
/// This assembly as a program: the tests, or with <c>score</c> a process of its own that loads a model file and prints the scores of five toy
/// images. It mentions no type of CnnTrainers before the load, so that only the file leads to the library.
/// </summary>
internal static class ScoringProcess
{
    public static Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["score", var path]:
                Score(path);
                break;
            case ["torchvision", var folder]:
                Weights.TorchvisionCheck.Run(folder);
                break;
            case ["keep", var folder]:
                KeptModel.Write(folder);
                break;
            case ["kernels", var collections]:
                Kernels.KernelProcess.Run(int.Parse(collections, CultureInfo.InvariantCulture));
                break;
            case ["fit"]:
                Kernels.LibTorchTests.Fit();
                break;
            default:
                return TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }
        return Task.FromResult(0);
    }

    private static void Score(string path)
    {
        var ml = new MLContext();
        var model = ml.Model.Load(path, out _);
        var rows = Toy.Rows(ml, 5, seed: 3);
        foreach (var score in model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score))
            Console.WriteLine(score.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Runs it on a model file, with variables of its own in the environment.</summary>
    public static float[] Run(string path, params (string Name, string Value)[] variables) =>
        [.. Lines(["score", path], variables).Select(line => float.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>Runs this assembly as a program, and gives the lines it prints.</summary>
    public static string[] Lines(string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ScoringProcess).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
