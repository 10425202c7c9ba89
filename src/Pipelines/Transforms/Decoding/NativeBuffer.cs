using System.Runtime.InteropServices;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>Memory that is used again for image after image, and given back where one took much.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const long Kept = 64 << 20;

    private byte* _data;
    private long _size;

    ~NativeBuffer() => Free();

    /// <summary>At least so many bytes, with the contents that were there.</summary>
    public byte* Take(long bytes)
    {
        if (bytes > _size)
        {
            _data = (byte*)NativeMemory.AlignedRealloc(_data, (nuint)bytes, 64);
            _size = bytes;
        }
        return _data;
    }

    /// <summary>The image is done: what is more than most take goes.</summary>
    public void Trim()
    {
        if (_size > Kept) Free();
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _size = 0;
    }
}
