namespace CnnTrainers.Bench.DataPath;

/// <summary>Files of one kind and size, and how many times torchvision's images per second ours should reach.</summary>
/// <param name="Kind">The files' extension.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Files">How many there are.</param>
/// <param name="Repeat">How often a pass goes through them.</param>
/// <param name="Bar">What should be reached.</param>
internal sealed record DataPathCase(string Kind, int Width, int Height, int Files, int Repeat, double Bar)
{
    public const double MLNetBar = 3;

    public static IReadOnlyList<DataPathCase> All { get; } =
    [
        new("jpg", 500, 375, 1000, 2, 1.8),
        new("jpg", 4000, 3000, 16, 9, 4.0),
        new("png", 500, 375, 300, 4, 1.2),
    ];

    public string Name => $"{(Kind == "jpg" ? "JPEG" : "PNG")}, {Width}×{Height}";

    public DataPathCase Quick => this with { Files = Math.Min(Files, 24), Repeat = 1 };

    public string Folder() => Harness.Images.Folder(Files, Width, Height, kind: Kind);
}
