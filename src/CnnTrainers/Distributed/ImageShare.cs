namespace CnnTrainers.Distributed;

/// <summary>
/// Which of a store's images are here. Every image belongs to one process, which has read it; a batch takes some to another process for a
/// while, so that all have equally many to compute: guests.
/// </summary>
internal sealed class ImageShare(Ranks ranks)
{
    private readonly List<int> _owners = [], _places = []; // by image; a place is that of the record, -1 elsewhere
    private readonly Dictionary<int, int> _guests = []; // by image, the place in what came
    private byte[] _came = [];
    private int _records;

    /// <summary>The processes.</summary>
    public Ranks Ranks => ranks;

    /// <summary>The process that has an image.</summary>
    public int OwnerOf(int image) => _owners[image];

    /// <summary>Whether this process has it.</summary>
    public bool IsOwn(int image) => _owners[image] == ranks.Rank;

    /// <summary>Those of some images that this process has.</summary>
    public int[] Own(IEnumerable<int> images) => [.. images.Where(IsOwn)];

    /// <summary>The next image is here.</summary>
    public void AddHere()
    {
        _owners.Add(ranks.Rank);
        _places.Add(_records++);
    }

    /// <summary>The next image belongs to a process, and its pixels are not here.</summary>
    public void AddElsewhere(int rank)
    {
        _owners.Add(rank);
        _places.Add(-1);
    }

    /// <summary>Where the record of an own image is.</summary>
    public int PlaceOf(int image) => _places[image] is var place and >= 0 ? place
        : throw new InvalidOperationException($"Image {image} belongs to rank {_owners[image]}; this is {ranks}.");

    /// <summary>Forgets images.</summary>
    public void LeaveOut(IReadOnlySet<int> images)
    {
        foreach (var image in images.OrderDescending())
        {
            _owners.RemoveAt(image);
            _places.RemoveAt(image);
        }
    }

    /// <summary>A guest's bytes, where the image is one.</summary>
    public bool TryGuest(int image, int bytes, out ReadOnlySpan<byte> guest)
    {
        var isGuest = _guests.TryGetValue(image, out var at);
        guest = isGuest ? _came.AsSpan(at * bytes, bytes) : default;
        return isGuest;
    }

    /// <summary>Takes in other guests, in place of those that were here.</summary>
    public void Receive(IEnumerable<int> images, byte[] values)
    {
        _guests.Clear();
        foreach (var image in images)
            _guests[image] = _guests.Count;
        _came = values;
    }
}
