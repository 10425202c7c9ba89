using System.Buffers.Binary;
using System.Collections;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>What a fit is of, as names and values: two fits with equal descriptions and seeds give equal weights.</summary>
internal static class FitDescription
{
    // What changes neither the data nor the arithmetic. Seed and threads are looked at on their own; initial weights by their content.
    private static readonly HashSet<string> Ignored =
    [
        nameof(CnnTrainerOptions.LabelColumnName), nameof(CnnTrainerOptions.FeatureColumnName), nameof(CnnTrainerOptions.ScoreColumnName),
        nameof(CnnTrainerOptions.PredictedLabelColumnName), nameof(CnnTrainerOptions.FeaturesColumnName), nameof(CnnTrainerOptions.ImageShape), nameof(CnnTrainerOptions.SkipUnreadableImages),
        nameof(CnnTrainerOptions.Seed), nameof(CnnTrainerOptions.Threads), nameof(CnnTrainerOptions.InitialWeights),
        nameof(CnnTrainerOptions.MemoryBudgetBytes), nameof(CnnTrainerOptions.TemporaryFolder), nameof(CnnTrainerOptions.CancellationToken),
        nameof(CnnTrainerOptions.CheckpointFolder), nameof(CnnTrainerOptions.CheckpointEvery), nameof(CnnTrainerOptions.CheckpointEverySteps),
        nameof(CnnTrainerOptions.KeepCheckpoints), nameof(CnnTrainerOptions.Resume), nameof(CnnTrainerOptions.LogFolder), nameof(CnnTrainerOptions.TestTimeAugmentation),
        nameof(CnnTrainerOptions.TimeLimit), nameof(CnnTrainerOptions.Device), nameof(CnnTrainerOptions.Deterministic), nameof(CnnTrainerOptions.Distributed),
    ];

    /// <summary>Describes a fit.</summary>
    public static IReadOnlyDictionary<string, string> Of(
        CnnArchitecture architecture, nn.Module network, IReadOnlyList<string> classes, ImageSet training, ImageSet? validation, CnnTrainerOptions options, int fewest = 2)
    {
        var description = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["architecture"] = FormattableString.Invariant($"{architecture.Name} of {NetworkState.ParameterCount(network)} parameters"),
            ["classes"] = string.Join(", ", classes),
            ["training images"] = Images(training.Store),
            ["validation images"] = validation is null ? "none" : validation.Store == training.Store ? Part(validation) : Images(validation.Store),
            ["initial weights"] = options.InitialWeights is { } path ? Weights(path) : "none",
        };
        foreach (var (name, value) in Options(options))
            description[name] = value;
        // Where they are not as many as checkpoints without the line were written with.
        var (images, batches) = (training.Indices.Length, BatchLoader.BatchesOf(training.Indices.Length, options.BatchSize, fewest));
        if (batches * options.BatchSize < images)
            description["batches"] = FormattableString.Invariant($"{batches} of {images} images");
        return description;
    }

    /// <summary>The options that data or arithmetic depend on, as texts.</summary>
    public static IEnumerable<(string Name, string Value)> Options(CnnTrainerOptions options) => typeof(CnnTrainerOptions).GetProperties()
        .Where(option => option.GetMethod is { IsStatic: false } && !Ignored.Contains(option.Name) && !option.PropertyType.IsAssignableTo(typeof(Delegate)))
        .Select(option => (option.Name, Text(option.GetValue(options))));

    /// <summary>What differs between a checkpoint's fit and this one, a line each.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, string> checkpoint, IReadOnlyDictionary<string, string> now) =>
        [.. checkpoint.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(name => (name, Then: checkpoint.GetValueOrDefault(name, "unknown"), Now: now.GetValueOrDefault(name, "unknown")))
            .Where(one => one.Then != one.Now)
            .Select(one => $"{one.name}: the checkpoint has {Short(one.Then)}, this fit {Short(one.Now)}")];

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        _ => InvariantText.Of(value) ?? "",
    };

    /// <summary>Images and labels: their number, shape and checksum, which is the sum of one for each, so that processes add theirs up.</summary>
    public static string Images(PixelStore store)
    {
        var (record, sum) = (new byte[2 * sizeof(int) + store.RecordBytes], 0UL);
        for (var i = 0; i < store.Count; i++)
        {
            if (store.Share?.IsOwn(i) == false)
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(record, i);
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(sizeof(int)), store.LabelOf(i));
            store.CopyRecord(i, record.AsSpan(2 * sizeof(int)));
            sum += BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(record));
        }
        if (store.Share is { } share)
            sum = share.Ranks.Gather(BitConverter.GetBytes(sum)).Aggregate(0UL, (total, each) => total + BitConverter.ToUInt64(each));
        return FormattableString.Invariant($"{store.Count} of {store.Shape}, sum of checksums {sum:x16}");
    }

    // By their numbers: the same share of the same images may be others, by another seed or another rule.
    private static string Part(ImageSet images) => FormattableString.Invariant(
        $"{images.Indices.Length} of the training images, checksum {Hex(SHA256.HashData(MemoryMarshal.AsBytes(images.Indices.AsSpan())))}");

    /// <summary>The checksum of a file of weights.</summary>
    public static string Weights(string path)
    {
        using var file = File.OpenRead(path);
        return $"checksum {Hex(SHA256.HashData(file))}";
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, 8));
}
