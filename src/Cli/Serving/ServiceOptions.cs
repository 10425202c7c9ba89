namespace CnnTrainers.Cli.Serving;

/// <summary>What a service takes at most. What is beyond is refused by a status code, before it costs much.</summary>
internal sealed record ServiceLimits
{
    /// <summary>Bytes of one image. Default 10 million.</summary>
    public int ImageBytes { get; init; } = 10_000_000;

    /// <summary>Bytes of a request's body, all its images together. Default 50 million.</summary>
    public int RequestBytes { get; init; } = 50_000_000;

    /// <summary>Pixels of an image, by its own account. Default 50 million, which take 200 MB while they are decoded.</summary>
    public int Pixels { get; init; } = 50_000_000;

    /// <summary>Images of one request. Default 32.</summary>
    public int Images { get; init; } = 32;

    /// <summary>Images that may wait at a time, over all requests. Default 256.</summary>
    public int Queue { get; init; } = 256;

    /// <summary>Images that are scored at once. Default 16.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Connections at a time. Default 1,000.</summary>
    public int Connections { get; init; } = 1000;

    /// <summary>How long a request may take, and how long the service waits for those under way when it ends. Default 30 seconds.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What a service is told.</summary>
/// <param name="ModelPath">The model file.</param>
/// <param name="Urls">Where it listens.</param>
/// <param name="Key">What requests have to show; null for nothing.</param>
/// <param name="Watch">Whether the file is loaded anew when it changes.</param>
/// <param name="Limits">What it takes at most.</param>
/// <param name="How">What the network computes on, in and by.</param>
internal sealed record ServiceOptions(string ModelPath, IReadOnlyList<string> Urls, string? Key, bool Watch, ServiceLimits Limits, Computing How);

/// <summary>What a network computes on, in and by.</summary>
/// <param name="Device">The processor or a card.</param>
/// <param name="Precision">Of its numbers.</param>
/// <param name="Engine">The engine's name; null for the default.</param>
internal sealed record Computing(CnnDevice Device, CnnPrecision Precision, string? Engine);
