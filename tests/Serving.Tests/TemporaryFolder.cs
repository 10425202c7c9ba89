namespace CnnTrainers.Serving.Tests;

/// <summary>A folder of a test's own, gone after it or with the process.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();

    public string Path { get; } = Directory.CreateTempSubdirectory("cnn_serving_").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
