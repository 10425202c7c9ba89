using System.Diagnostics;
using CnnTrainers.Kernels;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Kernels;

/// <summary>libtorch as a program finds it: whole, in part, or another one in its way; each in a process of its own.</summary>
public sealed class LibTorchTests : IDisposable
{
    private const string SharpIsMissing = """
        Unable to load shared library 'LibTorchSharp' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace.
        /program/LibTorchSharp.so: cannot open shared object file: No such file or directory
        /runtime/libLibTorchSharp.so: cannot open shared object file: No such file or directory

        """;

    private static readonly bool IsLinux = OperatingSystem.IsLinux();

    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The process: a fit whose rows must not be read, and what came of it.</summary>
    internal static void Fit()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(at =>
        {
            Console.WriteLine("a row was read");
            return new Image { Label = (uint)at % 2 };
        }));
        try
        {
            ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, new CnnTrainerOptions { FeatureColumnName = "Pixels", Epochs = 1 }).Fit(rows).Dispose();
        }
        catch (Exception fault)
        {
            Console.WriteLine($"{fault.GetType().Name}: {fault.Message}");
        }
    }

    [Theory]
    [InlineData("libLibTorchSharp.so", null, "is not in")]
    [InlineData("libtorch_cpu.so", null, "a part of it is missing (libtorch_cpu.so")]
    [InlineData("libtorch_cpu.so", "", "libtorch_cpu.so: file too short")]
    [InlineData("libc10.so", "no library", "libc10.so: file too short")]
    public void A_fit_without_all_of_it_says_so_in_one_line_before_rows_are_read(string file, string? content, string expected)
    {
        Assert.SkipUnless(IsLinux, "the files have other names elsewhere");
        CopyProgram(without: file);
        if (content is not null)
            File.WriteAllText(Path.Combine(_folder, file), content);

        var line = Assert.Single(Run(Path.Combine(_folder, "CnnTrainers.Tests.dll")));

        Assert.StartsWith("InvalidOperationException: libtorch cannot be loaded: ", line);
        Assert.Contains(expected, line);
    }

    [Fact]
    public void Another_libtorch_in_its_way_does_not_matter()
    {
        Assert.SkipUnless(IsLinux, "LD_LIBRARY_PATH is Linux's");
        foreach (var part in (string[])["libc10.so", "libtorch.so", "libtorch_cpu.so"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, "libonnxruntime_providers_shared.so"), Path.Combine(_folder, part));

        Assert.All(Run(typeof(LibTorchTests).Assembly.Location, ("LD_LIBRARY_PATH", _folder)), line => Assert.Equal("a row was read", line));
    }

    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /program/libLibTorchSharp.so)", "older")]
    [InlineData("libstdc++.so.6: cannot open shared object file: No such file or directory", "Install it")]
    [InlineData("libtorch_cpu.so: cannot open shared object file: No such file or directory", "TorchSharp-cpu")]
    [InlineData("/program/libLibTorchSharp.so: cannot open shared object file: Permission denied", "libLibTorchSharp.so: cannot open shared object file: Permission denied")]
    [InlineData("/program/libLibTorchSharp.so: file too short", "file too short")]
    [InlineData("/program/libtorch_cpu.so: undefined symbol: FLAGS_caffe2_log_level", "its parts are of different versions (/program/libtorch_cpu.so: undefined symbol")]
    public void The_reason_is_found_among_the_places_that_were_searched(string line, string expected) =>
        Assert.Contains(expected, LibTorch.Reason(SharpIsMissing + line));

    [Theory]
    [InlineData(null, "4000")]
    [InlineData("77", "77")]
    public void Its_threads_spin_shortly_where_the_environment_says_nothing_else(string? given, string expected)
    {
        Assert.SkipUnless(IsLinux, "the OpenMP is GCC's on Linux");
        var errors = "";
        Run(typeof(LibTorchTests).Assembly.Location, error => errors = error, ("OMP_DISPLAY_ENV", "verbose"), ("GOMP_SPINCOUNT", given));

        Assert.Contains($"GOMP_SPINCOUNT = '{expected}'", errors);
    }

    private static string[] Run(string program, params (string, string?)[] variables) => Run(program, _ => { }, variables);

    private static string[] Run(string program, Action<string> errors, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", program, "fit"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        errors(error.Result);
        process.WaitForExit();
        return lines;
    }

    private void CopyProgram(string without)
    {
        const long large = 10 << 20; // bytes
        foreach (var file in new DirectoryInfo(AppContext.BaseDirectory).GetFiles().Where(file => file.Name != without))
        {
            var copy = Path.Combine(_folder, file.Name);
            if (file.Length < large)
                file.CopyTo(copy);
            else
                File.CreateSymbolicLink(copy, file.FullName);
        }
    }

    private sealed class Image
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(3, Toy.Size, Toy.Size)]
        public float[] Pixels { get; set; } = new float[3 * Toy.Size * Toy.Size];
    }
}
