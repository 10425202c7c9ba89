namespace CnnTrainers.Cli.Tests.Serving;

/// <summary>A small model in service for all tests that need no other.</summary>
[CollectionDefinition(Name)]
public sealed class ServeFixture : ICollectionFixture<ServeFixture>, IDisposable
{
    public const string Name = "serve";

    private readonly Lazy<ServedTool> _served;

    public ServeFixture() => _served = new(() => ServedTool.Start(Files.Model, "--max-bytes", "100000", "--max-request-bytes", "400000", "--max-pixels", "310000", "--max-images", "4"));

    public ImageFolderFixture Files { get; } = new();

    internal ServedTool Served => _served.Value;

    public string Red => Path.Combine(Files.Images, "red", "00.png");

    public string Blue => Path.Combine(Files.Images, "blue", "01.jpg");

    public void Dispose()
    {
        if (_served.IsValueCreated) _served.Value.Dispose();
        Files.Dispose();
    }
}
