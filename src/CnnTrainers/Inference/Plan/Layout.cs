namespace CnnTrainers.Inference.Plan;

/// <summary>Where results lie in memory that is used again as soon as nobody reads them any more: bytes from its beginning, for one image.</summary>
internal sealed class Layout
{
    private const long Alignment = 64;

    private readonly Dictionary<Layer, (long Bytes, int First, int Last)> _lives = [];
    private readonly Dictionary<Layer, long> _places = [];
    private readonly int _numberBytes;

    /// <param name="layers">All layers.</param>
    /// <param name="numberBytes">Of a number of the precision.</param>
    public Layout(IReadOnlyList<Layer> layers, int numberBytes)
    {
        _numberBytes = numberBytes;
        for (var i = 0; i < layers.Count; i++)
        {
            Live(layers[i], i);
            foreach (var read in layers[i].Reads)
                Live(read, i);
        }
        Live(layers[^1], layers.Count);
        foreach (var (root, _) in _lives.OrderByDescending(life => life.Value.Bytes))
            Settle(root);
    }

    /// <summary>All bytes of an image.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where a result begins, for so many images.</summary>
    public long PlaceOf(Layer layer, long images)
    {
        var (root, offset) = RootOf(layer);
        return _places[root] * images + offset * BytesOf(layer);
    }

    /// <summary>Numbers from one pixel of a result to the next.</summary>
    public static int PixelOf(Layer layer) => RootOf(layer).Root.Channels;

    private int BytesOf(Layer layer) => layer.IsWide ? sizeof(float) : _numberBytes;

    private static (Layer Root, long Offset) RootOf(Layer layer)
    {
        var offset = 0L;
        for (; layer.Parent is not null; layer = layer.Parent)
            offset += layer.Offset;
        return (layer, offset);
    }

    private void Live(Layer layer, int step)
    {
        var root = RootOf(layer).Root;
        _lives[root] = _lives.TryGetValue(root, out var life)
            ? life with { First = Math.Min(life.First, step), Last = Math.Max(life.Last, step) }
            : (root.Pixels * root.Channels * BytesOf(root), step, step);
    }

    // At the first place that none has who lives at the same time.
    private void Settle(Layer root)
    {
        var life = _lives[root];
        var size = (life.Bytes + Alignment - 1) / Alignment * Alignment;
        var place = 0L;
        foreach (var (other, begin) in _places.Where(one => Meet(_lives[one.Key], life)).OrderBy(one => one.Value))
        {
            if (place + size <= begin)
                break;
            place = Math.Max(place, begin + (_lives[other].Bytes + Alignment - 1) / Alignment * Alignment);
        }
        _places[root] = place;
        Bytes = Math.Max(Bytes, place + size);
    }

    private static bool Meet((long, int First, int Last) a, (long, int First, int Last) b) => a.First <= b.Last && b.First <= a.Last;
}
