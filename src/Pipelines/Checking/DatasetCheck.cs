using System.Collections.Concurrent;
using CnnTrainers.Pipelines.Checking;

namespace CnnTrainers.Pipelines;

/// <summary>Looks at a data set before anything is trained on it: what there is, what cannot be read, what is there more than once.</summary>
public static class DatasetCheck
{
    /// <summary>
    /// Looks at all images, on all cores. Each is decoded once, JPEG at a small scale. The same pictures are found by their bytes; pictures that were saved
    /// again in another size, format or quality by a small version of each, without comparing each with each.
    /// </summary>
    /// <param name="images">The data set.</param>
    /// <param name="against">Images that must not be among them: a test set. Default null: none.</param>
    /// <param name="progress">Told how many images were looked at, from several threads.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static DatasetFindings Run(CheckImages images, CheckImages? against = null, Action<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        PictureFacts[] facts = Look(images, against, progress, cancellationToken);
        var all = new Findings(images, against, facts);
        return all.Find(cancellationToken);
    }

    /// <summary>
    /// What can be said without decoding an image: how many images each class has, and which files are byte by byte the same in two classes. Only files
    /// of a size that another one has are read.
    /// </summary>
    /// <param name="images">The data set.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static DatasetFindings Quick(CheckImages images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new DatasetFindings
        {
            Images = images.Count,
            Classes = Findings.Classes(images),
            Repeated = [.. images.Hashes(cancellationToken).GroupBy(one => one.Hash, one => one.Index).Where(group => group.Skip(1).Any())
                .Select(group => new RepeatedPicture([.. group.Select(images.Image)], IsExact: true)).Where(one => one.IsInSeveralClasses)],
        };
    }

    /// <summary>Small pictures of the images that findings name, for a report: the first of each kind.</summary>
    /// <param name="images">The data set, as it was given to <see cref="Run"/>.</param>
    /// <param name="against">The other one.</param>
    /// <param name="findings">What was found.</param>
    /// <returns>PNG files by the names of the images.</returns>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Thumbnails(CheckImages images, CheckImages? against, DatasetFindings findings)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(findings);
        HashSet<string> wanted = [.. CheckReport.Shown(findings)];
        var pictures = new Dictionary<string, ReadOnlyMemory<byte>>();
        using var thumbnails = new Thumbnails();
        foreach (CheckImages set in new[] { images, against }.OfType<CheckImages>())
            for (int i = 0; i < set.Count; i++)
                if (wanted.Contains(set.NameOf(i)) && set.Thumbnail(i, thumbnails) is { } picture) pictures[set.NameOf(i)] = picture;
        return pictures;
    }

    private static PictureFacts[] Look(CheckImages images, CheckImages? against, Action<int>? progress, CancellationToken cancel)
    {
        var facts = new PictureFacts[images.Count + (against?.Count ?? 0)];
        int done = 0;
        var options = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        // One by one, as the next image may take a thousand times as long as this one.
        OrderablePartitioner<int> places = Partitioner.Create(Enumerable.Range(0, facts.Length), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(places, options, () => new PictureLook(), (i, _, look) =>
        {
            facts[i] = i < images.Count ? images.Facts(i, look) : against!.Facts(i - images.Count, look);
            progress?.Invoke(Interlocked.Increment(ref done));
            return look;
        }, look => look.Dispose());
        return facts;
    }
}
