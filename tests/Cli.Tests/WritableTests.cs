namespace CnnTrainers.Cli.Tests;

public sealed class WritableTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cnn-writable-").FullName;

    public WritableTests()
    {
        File.WriteAllText(In("file"), "kept");
        Directory.CreateDirectory(In("folder"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("folder", "is a folder, expected a file name such as model.zip.")]
    [InlineData("new/", "is a folder")]
    [InlineData("", "is a folder")]
    [InlineData("missing/model.zip", "missing does not exist.")]
    [InlineData("file/model.zip", "file is a file, not a folder.")]
    [InlineData("file/below/model.zip", "file is a file, not a folder.")]
    [InlineData("/proc/model.zip", "no file can be made in /proc")]
    [InlineData("/dev/full", "is a device")]
    public void A_file_that_cannot_be_written_is_refused_with_the_reason(string path, string reason) =>
        Refused(() => Writable.File("--out", In(path), "model.zip"), In(path), reason);

    [Theory]
    [InlineData("file", "is a file, expected a folder.")]
    [InlineData("file/log", "file is a file, not a folder.")]
    [InlineData("/proc/log", "in /proc")]
    [InlineData("/sys/a/b", "there is no permission to do so in /sys")]
    public void A_folder_that_cannot_be_made_is_refused_with_the_reason(string path, string reason) => Refused(() => Writable.Folder("--out", In(path)), In(path), reason);

    [Theory]
    [InlineData("new.zip")]
    [InlineData("file")]
    [InlineData("folder/new.zip")]
    [InlineData("a/b/c", true)]
    [InlineData("folder", true)]
    [InlineData("folder/below/", true)]
    public void The_proof_leaves_nothing_behind(string path, bool isFolder = false)
    {
        string[] before = Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories);
        if (isFolder) Writable.Folder("--log", In(path));
        else Assert.Equal(In(path), Writable.File("--out", In(path), "model.zip"));
        Assert.Equal(before, Directory.GetFileSystemEntries(_root, "*", SearchOption.AllDirectories));
        Assert.Equal("kept", File.ReadAllText(In("file")));
    }

    [Fact]
    public void A_pipe_is_no_file()
    {
        System.Diagnostics.Process.Start("mkfifo", [In("pipe")]).WaitForExit();
        Refused(() => Writable.File("--out", In("pipe"), "model.zip"), In("pipe"), "it is a pipe or device");
    }

    /// <summary>Every output of every command; there is neither model nor image to be read before it is refused.</summary>
    [Theory]
    [InlineData("train no-images --out X/model.zip", "--out")]
    [InlineData("train no-images --out new.zip --report X/report.html", "--report")]
    [InlineData("train no-images --out new.zip --log X/log", "--log")]
    [InlineData("train no-images --out new.zip --checkpoints X/checkpoints", "--checkpoints")]
    [InlineData("compare no-images --out X/comparison", "--out")]
    [InlineData("check no-images --report X/report.html", "--report")]
    [InlineData("find-rate no-images --out X/rates.svg", "--out")]
    [InlineData("evaluate no-model.zip no-images --report X/report.html", "--report")]
    [InlineData("predict no-model.zip no-images --out X/answers.csv", "--out")]
    [InlineData("predict no-model.zip no-images --out X.txt", "--out")]
    [InlineData("explain no-model.zip no-images --out X/pictures", "--out")]
    [InlineData("export no-model.zip --out X/weights.safetensors", "--out")]
    [InlineData("demo --data no-images --out X/demo", "--out")]
    public void Every_command_proves_its_outputs_before_it_reads_anything(string arguments, string option)
    {
        Tool.Result result = Tool.Run([.. arguments.Split(' ').Select(word => word.Replace("X", In("file")).Replace("new.zip", In("new.zip")))]);
        Assert.True(result.ExitCode == 2, result.Errors);
        Assert.StartsWith($"cnn: {option} ", result.Errors);
        Assert.Contains(In("file"), result.Errors);
        Assert.Equal([In("file"), In("folder")], Directory.GetFileSystemEntries(_root).Order());
    }

    private string In(string path) => Path.Combine(_root, path);

    private static void Refused(Action proof, string path, string reason)
    {
        var e = Assert.Throws<CliException>(proof);
        Assert.Equal(2, e.ExitCode);
        Assert.StartsWith($"--out '{path}'", e.Message);
        Assert.Contains(reason, e.Message);
    }
}
