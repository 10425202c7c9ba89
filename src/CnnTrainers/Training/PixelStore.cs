using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CnnTrainers.Distributed;

namespace CnnTrainers.Training;

/// <summary>
/// Images of one shape with their labels. Pixels stay bytes while every value is an integer from 0 to 255 and become float32 at the first
/// that is not. They are in memory up to a budget and past it in a memory-mapped temporary file. Filled by one thread, read by many.
/// Where several processes share the images, each knows all labels and has the pixels of its own part; see <see cref="ImageShare"/>.
/// </summary>
internal sealed class PixelStore(ImageShape shape, long memoryBudgetBytes, string? temporaryFolder = null, Ranks? ranks = null) : IDisposable
{
    private readonly List<int> _labels = [];
    private readonly ImageShare? _share = ranks is { IsAlone: false } ? new(ranks) : null;
    private RecordStore _records = new(shape.Size, memoryBudgetBytes, temporaryFolder);
    private byte[] _buffer = new byte[shape.Size];

    /// <summary>Images so far.</summary>
    public int Count => _labels.Count;

    /// <summary>Whether all pixels so far are integers from 0 to 255.</summary>
    public bool IsByte { get; private set; } = true;

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape => shape;

    /// <summary>Which images are here; null where all are.</summary>
    public ImageShare? Share => _share;

    /// <summary>Bytes that an image takes here.</summary>
    public int RecordBytes => IsByte ? shape.Size : sizeof(float) * shape.Size;

    /// <summary>Whether part of the images is in the temporary file.</summary>
    public bool IsSpilled => _records.IsSpilled;

    /// <summary>Bytes of memory that the images take.</summary>
    public long MemoryBytes => _records.MemoryBytes;

    /// <summary>Appends an image.</summary>
    /// <param name="pixels">Channels × height × width values, planar.</param>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentException">The number of pixels does not fit the shape.</exception>
    public void Add(ReadOnlySpan<byte> pixels, int label)
    {
        CheckLength(pixels.Length);
        if (IsByte)
            _records.Add(pixels);
        else
            _records.Add(ToFloats(pixels));
        AddLabel(label);
    }

    /// <summary>Appends an image.</summary>
    /// <param name="pixels">Channels × height × width values, planar.</param>
    /// <param name="label">The class, from 0.</param>
    /// <exception cref="ArgumentException">The number of pixels does not fit the shape, or one is NaN or infinite.</exception>
    public void Add(ReadOnlySpan<float> pixels, int label)
    {
        CheckLength(pixels.Length);
        if (IsByte && TryBytes(pixels, _buffer))
            _records.Add(_buffer);
        else
        {
            CheckFinite(pixels);
            if (IsByte)
                SwitchToFloats();
            _records.Add(MemoryMarshal.AsBytes(pixels));
        }
        AddLabel(label);
    }

    /// <summary>Appends an image whose pixels another process has, or that is to be left out: see <see cref="LeaveOut"/>.</summary>
    /// <param name="label">The class, from 0.</param>
    /// <param name="rank">The process.</param>
    public void AddElsewhere(int label, int rank)
    {
        _share!.AddElsewhere(rank);
        _labels.Add(label);
    }

    /// <summary>Takes images out that no process has; those after them move up.</summary>
    public void LeaveOut(IReadOnlySet<int> images)
    {
        if (images.Count == 0)
            return;
        _share!.LeaveOut(images);
        for (var (from, to, count) = (0, 0, _labels.Count); from < count; from++)
        {
            if (images.Contains(from))
                continue;
            _labels[to++] = _labels[from];
        }
        _labels.RemoveRange(_labels.Count - images.Count, images.Count);
    }

    /// <summary>Keeps the pixels as floats from now on, as another process has some that are no bytes.</summary>
    public void KeepFloats()
    {
        if (IsByte)
            SwitchToFloats();
    }

    /// <summary>Copies the bytes of an image that is here, as they are kept.</summary>
    public void CopyRecord(int index, Span<byte> destination) => _records.Read(_share?.PlaceOf(index) ?? index, destination);

    /// <summary>The class of every image, from 0.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <summary>The class of an image, from 0.</summary>
    public int LabelOf(int index) => _labels[index];

    /// <summary>Copies an image's pixels, planar. Only while <see cref="IsByte"/>.</summary>
    public void CopyTo(int index, Span<byte> destination)
    {
        if (!IsByte)
            throw new InvalidOperationException("The pixels are not bytes.");
        Read(index, destination);
    }

    /// <summary>Copies an image's pixels, planar, as they came: not normalised.</summary>
    public void CopyTo(int index, Span<float> destination)
    {
        if (!IsByte)
        {
            Read(index, MemoryMarshal.AsBytes(destination[..shape.Size]));
            return;
        }
        Span<byte> bytes = shape.Size <= 4096 ? stackalloc byte[shape.Size] : new byte[shape.Size];
        Read(index, bytes);
        for (var i = 0; i < bytes.Length; i++)
            destination[i] = bytes[i];
    }

    /// <inheritdoc/>
    public void Dispose() => _records.Dispose();

    private void Read(int index, Span<byte> destination)
    {
        if (_share is null)
            _records.Read(index, destination);
        else if (_share.TryGuest(index, RecordBytes, out var guest))
            guest.CopyTo(destination);
        else
            _records.Read(_share.PlaceOf(index), destination);
    }

    private void AddLabel(int label)
    {
        _labels.Add(label);
        _share?.AddHere();
    }

    private static bool TryBytes(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        var done = 0;
        for (; done <= values.Length - Vector512<byte>.Count; done += Vector512<byte>.Count)
        {
            if (!TryBytes(ref MemoryMarshal.GetReference(values[done..]), out var narrow))
                return false;
            narrow.CopyTo(bytes[done..]);
        }
        for (; done < values.Length; done++)
        {
            var value = (byte)values[done];
            if (value != values[done])
                return false;
            bytes[done] = value;
        }
        return true;
    }

    // 64 values at once; Narrow keeps the lowest bits, so that what is no byte comes back as another number.
    private static bool TryBytes(ref float values, out Vector512<byte> bytes)
    {
        var (a, b, c, d) = (Load(ref values, 0), Load(ref values, 16), Load(ref values, 32), Load(ref values, 48));
        bytes = Vector512.Narrow(Vector512.Narrow(Whole(a), Whole(b)), Vector512.Narrow(Whole(c), Whole(d)));
        return Holds(a) && Holds(b) && Holds(c) && Holds(d);
        static Vector512<float> Load(ref float values, nuint at) => Vector512.LoadUnsafe(ref values, at);
        static Vector512<uint> Whole(Vector512<float> x) => Vector512.ConvertToInt32(x).AsUInt32();
        static bool Holds(Vector512<float> x) => Vector512.EqualsAll(Vector512.ConvertToSingle((Whole(x) & Vector512.Create(0xFFu)).AsInt32()), x);
    }

    private void SwitchToFloats()
    {
        var floats = new RecordStore(sizeof(float) * shape.Size, memoryBudgetBytes, temporaryFolder);
        try
        {
            for (var i = 0; i < _records.Count; i++)
            {
                _records.Read(i, _buffer);
                floats.Add(ToFloats(_buffer));
            }
        }
        catch
        {
            floats.Dispose();
            throw;
        }
        _records.Dispose();
        (_records, IsByte) = (floats, false);
    }

    private static ReadOnlySpan<byte> ToFloats(ReadOnlySpan<byte> bytes)
    {
        var floats = new float[bytes.Length];
        for (var i = 0; i < floats.Length; i++)
            floats[i] = bytes[i];
        return MemoryMarshal.AsBytes<float>(floats);
    }

    private void CheckLength(int length)
    {
        if (length != shape.Size)
            throw new ArgumentException($"Image {Count} has {length} values; expected {shape.Size} for the shape {shape}.");
    }

    private void CheckFinite(ReadOnlySpan<float> pixels)
    {
        for (var i = 0; i < pixels.Length; i++)
        {
            if (!float.IsFinite(pixels[i]))
                throw new ArgumentException($"Value {i} of image {Count} is {pixels[i]}; expected finite pixel values.");
        }
    }
}
