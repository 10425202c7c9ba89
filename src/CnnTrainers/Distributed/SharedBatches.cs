using CnnTrainers.Architectures;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>A process's part of a batch.</summary>
/// <param name="Rows">The places of its images in the whole batch, ascending.</param>
/// <param name="Labels">The classes of the whole batch's images.</param>
internal sealed record BatchPart(long[] Rows, int[] Labels)
{
    /// <summary>Lets a network's dropouts draw the masks of the whole batch, as one process alone would.</summary>
    /// <param name="network">The network.</param>
    /// <param name="part">What it is given next; null: whole batches.</param>
    public static void Apply(nn.Module network, BatchPart? part)
    {
        foreach (var dropout in network.modules().OfType<Dropout>())
            dropout.Part = part is null ? null : (part.Labels.Length, part.Rows);
    }
}

/// <summary>
/// An epoch's batches, dealt to the processes: each is the batch that one process alone would have, and each process computes an equal part of it,
/// its own images first. The others come from those that have them, for some batches at a time.
/// </summary>
/// <param name="store">The images.</param>
/// <param name="order">Their order in the epoch.</param>
/// <param name="startOf">Where a batch begins in it; of the number of batches, where the last one ends.</param>
/// <param name="batches">How many batches there are.</param>
/// <param name="inPairs">Whether the first image of a batch and its last, the second and the last but one and so on stay together, as they are mixed.</param>
internal sealed class SharedBatches(PixelStore store, int[] order, Func<int, int> startOf, int batches, bool inPairs)
{
    private const long MostBytes = 256 << 20; // on their way at once, of all processes together

    private readonly ImageShare _share = store.Share!;
    private readonly Dictionary<int, int[]> _dealt = [];

    /// <summary>This process's part of a batch, whose pixels are here until a batch is asked for that has not been fetched. Every process asks for the same.</summary>
    public (int[] Images, BatchPart Part) Of(int batch)
    {
        if (!_dealt.ContainsKey(batch))
            Fetch(batch);
        var (start, end) = (startOf(batch), startOf(batch + 1));
        long[] rows = [.. _dealt[batch].Index().Where(one => one.Item == _share.Ranks.Rank).Select(one => (long)one.Index)];
        return ([.. rows.Select(row => order[start + row])], new(rows, [.. order.AsSpan(start, end - start).ToArray().Select(store.LabelOf)]));
    }

    /// <summary>Which process computes each image of a batch: its owner where that has room, and all have room for equally many.</summary>
    /// <param name="owners">The images' owners.</param>
    /// <param name="ranks">The number of processes.</param>
    /// <param name="inPairs">As of the whole.</param>
    /// <param name="first">The process that gets one more where they do not divide.</param>
    public static int[] Deal(IReadOnlyList<int> owners, int ranks, bool inPairs, int first)
    {
        var units = inPairs ? (owners.Count + 1) / 2 : owners.Count;
        int[] room = [.. Enumerable.Range(0, ranks).Select(rank => units / ranks + ((rank - first % ranks + ranks) % ranks < units % ranks ? 1 : 0))];
        var dealt = new int[owners.Count];
        for (var unit = 0; unit < units; unit++)
            dealt[unit] = room[owners[unit]]-- > 0 ? owners[unit] : -1;
        var free = 0;
        for (var unit = 0; unit < units; unit++)
        {
            while (dealt[unit] < 0 && room[free] <= 0)
                free++;
            if (dealt[unit] < 0)
                (dealt[unit], room[free]) = (free, room[free] - 1);
            if (inPairs)
                dealt[^(unit + 1)] = dealt[unit];
        }
        return dealt;
    }

    private void Fetch(int batch)
    {
        _dealt.Clear();
        var ranks = _share.Ranks;
        var (going, coming) = (new List<int>[ranks.Size], new List<int>[ranks.Size]);
        for (var rank = 0; rank < ranks.Size; rank++)
            (going[rank], coming[rank]) = ([], []);
        for (var moved = 0L; batch < batches && moved * store.RecordBytes <= MostBytes; batch++)
        {
            int[] images = order[startOf(batch)..startOf(batch + 1)];
            _dealt[batch] = Deal([.. images.Select(_share.OwnerOf)], ranks.Size, inPairs, batch);
            foreach (var (image, to) in images.Zip(_dealt[batch]).Where(one => one.Second != _share.OwnerOf(one.First)))
            {
                moved++;
                if (_share.IsOwn(image))
                    going[to].Add(image);
                else if (to == ranks.Rank)
                    coming[_share.OwnerOf(image)].Add(image);
            }
        }
        Exchange(going, coming);
    }

    private void Exchange(List<int>[] going, List<int>[] coming)
    {
        var (size, at) = (store.RecordBytes, 0);
        var sent = GC.AllocateUninitializedArray<byte>(Math.Max(1, going.Sum(images => images.Count) * size));
        foreach (var image in going.SelectMany(images => images))
            store.CopyRecord(image, sent.AsSpan(size * at++, size));
        int[] Bytes(List<int>[] images) => [.. images.Select(those => those.Count * size)];
        var came = _share.Ranks.Exchange(sent, Bytes(going), Bytes(coming));
        _share.Receive(coming.SelectMany(images => images), came);
    }
}
