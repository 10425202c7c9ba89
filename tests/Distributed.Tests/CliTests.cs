using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CnnTrainers.Cli.Tests;

namespace CnnTrainers.Distributed.Tests;

public sealed partial class CliTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    private const string Damaged = "damaged.jpg";

    [Fact]
    public void Two_processes_evaluate_as_one_does()
    {
        var copy = fixture.Copy();
        Directory.CreateDirectory(Path.Combine(copy, "purple")); // which the model does not know
        File.Move(Path.Combine(copy, "blue", "00.png"), Path.Combine(copy, "purple", "00.png"));
        string alone = Path.Combine(copy, "alone.html"), shared = Path.Combine(copy, "shared.html");
        string[] arguments = ["evaluate", fixture.Model, copy, "--report"];
        Assert.Equal(
            WithoutTimes(Mpirun.ToolAlone([.. arguments, alone]).Succeeded().Output.Replace(alone, shared)),
            WithoutTimes(Mpirun.Tool(2, [.. arguments, shared]).Succeeded().Output));
        Assert.Equal(new FileInfo(alone).Length, new FileInfo(shared).Length, tolerance: 10);
    }

    [Fact]
    public void Two_processes_predict_as_one_does_and_name_what_neither_can_read()
    {
        var copy = fixture.Copy();
        foreach (var name in (string[])["blue", "red"]) // the first images and the last: one of each process
            File.WriteAllText(Path.Combine(copy, name, Damaged), "no image");
        string[] arguments = ["predict", fixture.Model, copy, "--top", "2", "--json"];
        Mpirun.Result alone = Mpirun.ToolAlone(arguments), shared = Mpirun.Tool(2, arguments);
        AssertSameAnswers(alone.Output, shared.Output);
        Assert.Equal((1, 1), (alone.ExitCode, shared.ExitCode));
        Assert.Equal(Lines(alone.Errors), Lines(shared.Errors));
        Assert.Equal(2, Regex.Count(shared.Errors, Damaged));
    }

    [Fact]
    public void Two_processes_write_the_file_of_answers_that_one_writes()
    {
        string alone = Path.Combine(fixture.Root, "alone.csv"), shared = Path.Combine(fixture.Root, "shared.csv");
        Mpirun.ToolAlone("predict", fixture.Model, fixture.Images, "--out", alone).Succeeded();
        var result = Mpirun.Tool(2, "predict", fixture.Model, fixture.Images, "--out", shared, "--json").Succeeded();
        AssertSameAnswers(File.ReadAllText(alone), File.ReadAllText(shared));
        Assert.Equal(48, JsonDocument.Parse(result.Output).RootElement.GetProperty("images").GetInt32());
    }

    [Fact]
    public void Two_processes_train_one_model_of_which_the_first_speaks()
    {
        string model = Path.Combine(fixture.Root, "shared.zip"), report = Path.Combine(fixture.Root, "training.html");
        var result = Mpirun.Tool(2, "train", fixture.Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "2", "--test", fixture.Images, "--out", model, "--report", report, "--json").Succeeded();
        Assert.StartsWith("{", result.Output);
        Assert.Single(Lines(result.Output));
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((model, 48, 48), (json.GetProperty("model").GetString(), json.GetProperty("images").GetInt32(), json.GetProperty("testImages").GetInt32()));
        Assert.Single(Lines(result.Errors), line => line.StartsWith("epoch  2 of 2", StringComparison.Ordinal));
        Assert.True(File.Exists(model));
        Assert.Contains("synchronized norms no", File.ReadAllText(report));
    }

    [Fact]
    public void Processes_that_srun_starts_without_MPI_do_not_train_beside_each_other()
    {
        var model = Path.Combine(fixture.Root, "unaware.zip");
        var start = Mpirun.Quietly("dotnet", [Mpirun.ToolAssembly, "train", fixture.Images, "--arch", "lenet5", "--out", model]);
        start.Environment["SLURM_STEP_NUM_TASKS"] = "2"; // as srun does
        var result = Mpirun.Finish(Process.Start(start)!);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("srun has started 2 processes without MPI", result.Errors);
        Assert.False(File.Exists(model));
    }

    [Fact]
    public void Damaged_files_are_named_once_whoever_of_the_processes_finds_them()
    {
        var copy = fixture.Copy();
        foreach (var name in (string[])["blue", "red"])
            File.WriteAllText(Path.Combine(copy, name, Damaged), "no image");
        var result = Mpirun.Tool(2, "train", copy, "--arch", "lenet5", "--out", Path.Combine(copy, "model.zip"));
        Assert.Equal(1, result.ExitCode);
        Assert.Single(Lines(result.Errors), line => line == "cnn: 2 of 50 files cannot be read as images:");
        Assert.Equal(2, Regex.Count(result.Errors, Damaged));
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_fault_of_one_process_ends_the_others_and_is_said_once()
    {
        string[] first = [Mpirun.ToolAssembly, "evaluate", fixture.Model, fixture.Images], second = [Mpirun.ToolAssembly, "evaluate", "missing.zip", fixture.Images];
        var result = Mpirun.Finish(Mpirun.Start(1, [.. first, ":", "-np", "1", "dotnet", .. second]));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["cnn: rank 1: the model file 'missing.zip' does not exist."], Lines(result.Errors));
        Assert.Empty(result.Output);
        Assert.InRange(result.Took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("cnn: --epochs is '0,5', ", "train", "x", "--epochs", "0,5")]
    [InlineData("cnn: --out 'no/where.zip': the folder ", "train", "x", "--out", "no/where.zip")]
    public void What_was_typed_wrong_is_said_once(string message, params string[] arguments)
    {
        var result = Mpirun.Tool(2, arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Single(Lines(result.Errors), line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_command_that_is_not_shared_is_the_first_processs()
    {
        var result = Mpirun.Tool(3, "list", "--json").Succeeded();
        Assert.Equal("", result.Errors);
        Assert.True(JsonDocument.Parse(result.Output).RootElement.GetArrayLength() > 20);
    }

    [Fact]
    public void Without_an_MPI_library_the_error_says_what_to_install()
    {
        var result = Mpirun.Finish(Mpirun.Start(1, [Mpirun.ToolAssembly, "train", "nowhere", "--distributed", "mpi"], "-x", "CNN_MPI_LIBRARY=none.so"));
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("cnn: There is no MPI library", result.Errors);
        Assert.Contains("openmpi-bin", result.Errors);
    }

    // libtorch's own operators, where there are no native kernels, give an image other last digits in another batch.
    private static void AssertSameAnswers(string alone, string shared)
    {
        Assert.Equal(Fraction().Replace(alone, "#"), Fraction().Replace(shared, "#"));
        Assert.All(Fractions(alone).Zip(Fractions(shared)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private static IEnumerable<double> Fractions(string text) => Fraction().Matches(text).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("[0-9]+[.][0-9]+(E-[0-9]+)?")]
    private static partial Regex Fraction();

    [GeneratedRegex("[0-9,.]+ a second")]
    private static partial Regex Speed();

    private static string WithoutTimes(string text) => Speed().Replace(text, "");

    // What the tool says, without mpirun's own lines about an exit code.
    private static IEnumerable<string> Lines(string errors) => errors.Split("--------", 2)[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
