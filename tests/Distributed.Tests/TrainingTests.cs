using System.Diagnostics;

namespace CnnTrainers.Distributed.Tests;

public sealed class TrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-distributed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(2, "plain", 1e-5)]
    [InlineData(3, "plain", 1e-5)]
    [InlineData(2, "everything", 1e-5)]
    [InlineData(2, "weights", 1e-5)]
    [InlineData(2, "head", 1e-5)]
    [InlineData(2, "one to validate on", 1e-5)]
    [InlineData(2, "head, one to validate on", 1e-5)]
    [InlineData(2, "norms", 1e-4)]
    [InlineData(2, "dropout", 1e-5)]
    public void Several_processes_make_the_weights_of_one(int processes, string fit, double distance)
    {
        var (alone, shared) = (Fits.Named[fit](""), Shared(processes, fit));
        Assert.InRange(alone.Distance(shared), 0, distance);
        Assert.All(alone.Metrics.Zip(shared.Metrics), pair => Assert.Equal(pair.First, pair.Second, distance));
    }

    [Fact]
    public void What_a_killed_process_leaves_is_resumed_by_one()
    {
        using (var run = Mpirun.Start(2, Command("part")))
        {
            var checkpoints = Path.Combine(_folder, "checkpoints");
            for (var started = Stopwatch.StartNew(); !Directory.Exists(checkpoints) || Directory.GetFiles(checkpoints, "*.cnnckpt").Length < 2; Thread.Sleep(5))
                Assert.True(!run.HasExited && started.Elapsed < TimeSpan.FromMinutes(1), "There were no checkpoints in time.");
            Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(_folder, "1.pid")))).Kill();
            var ended = Mpirun.Finish(run);
            Assert.NotEqual(0, ended.ExitCode);
            Assert.InRange(ended.Took, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
        Assert.False(File.Exists(Path.Combine(_folder, "part.txt")));
        var resumed = Fits.Named["rest"](Path.Combine(_folder, "checkpoints"));
        Assert.InRange(Fits.Named["part"](Path.Combine(_folder, "alone")).Distance(resumed), 0, 1e-4);
    }

    [Theory]
    [InlineData("damaged", "Column 'Pixels', row 100")]
    [InlineData("endless", "The loss")]
    public void What_fails_on_one_process_ends_all_with_its_message(string fit, string message)
    {
        var result = Mpirun.Run(2, nameof(Parts.Train), fit, _folder);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Errors);
        Assert.False(File.Exists(Path.Combine(_folder, $"{fit}.txt")));
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("head")]
    [InlineData("few norms")]
    public void A_shared_fit_leaves_no_more_tensors_than_one_alone(string fit)
    {
        var alone = Mpirun.Run(1, nameof(Parts.Tensors), fit).Succeeded().Output;
        Assert.EndsWith(" tensors\n", alone);
        Assert.Equal([alone, alone], Mpirun.Run(2, nameof(Parts.Tensors), fit).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line + '\n'));
    }

    private string[] Command(string fit) => [typeof(Mpirun).Assembly.Location, Mpirun.Part, nameof(Parts.Train), fit, _folder];

    private Fitted Shared(int processes, string fit)
    {
        Mpirun.Run(processes, nameof(Parts.Train), fit, _folder).Succeeded();
        return Fitted.Read(Path.Combine(_folder, $"{fit}.txt"));
    }
}
