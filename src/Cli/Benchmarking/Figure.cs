namespace CnnTrainers.Cli.Benchmarking;

/// <summary>What was measured of one engine in one precision at one number of images.</summary>
/// <param name="Engine">What scores.</param>
/// <param name="Precision">What it computes in.</param>
/// <param name="BatchSize">Images that are given at once; 1: one by one, to a prediction engine.</param>
/// <param name="Milliseconds">Of them together, the median.</param>
/// <param name="ImagesPerSecond">Images in a second.</param>
/// <param name="MemoryBytes">The most memory of the process so far, the model and smaller batches included.</param>
internal sealed record Figure(string Engine, string Precision, int BatchSize, double Milliseconds, double ImagesPerSecond, long MemoryBytes);

/// <summary>What one process has measured.</summary>
/// <param name="Results">The figures.</param>
/// <param name="Skipped">Batch sizes that would have taken too long.</param>
/// <param name="SecondsToLoad">From the file to the first answer.</param>
internal sealed record Figures(IReadOnlyList<Figure> Results, IReadOnlyList<int> Skipped, double SecondsToLoad);
