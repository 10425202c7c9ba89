using System;
using System.Runtime.InteropServices;
using CnnTrainers.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Decoding, encoding and resizing by the native library (compat/native/images.h).</summary>
internal static unsafe class NativeImages
{
    /// <summary>How <see cref="Resize"/> samples; the values are those of CnnResize.</summary>
    internal enum Sampling { Nearest = 0, Bilinear = 1, Area = 2, Antialiased = 3 }

    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public int Format, Width, Height, Orientation;
    }

    private const int TurnFlag = 1;

    /// <summary>The image, or null and why: an empty fault where the bytes are no image of a known format at all.</summary>
    internal static MLImage Decode(ReadOnlySpan<byte> bytes, out string fault, bool turnByExif = false)
    {
        fixed (byte* data = bytes)
        {
            Info info;
            fault = "";
            if (cnntorch_image_info(data, bytes.Length, &info) == 0) fault = LastError();
            if (fault.Length > 0 || info.Format == 0) return null;
            bool swaps = turnByExif && info.Orientation >= 5;
            MLImage image = swaps ? MLImage.Rent(info.Height, info.Width) : MLImage.Rent(info.Width, info.Height);
            fixed (byte* target = image.Buffer)
            {
                if (cnntorch_image_decode(data, bytes.Length, turnByExif ? TurnFlag : 0, target, image.Width, image.Height) != 0) return image;
            }
            fault = LastError();
            image.Dispose();
            return null;
        }
    }

    internal static byte[] Encode(MLImage image, string extension, int quality)
    {
        fixed (byte* pixels = image.Pixels)
        {
            byte* data;
            long size;
            int bgra = image.PixelFormat == MLPixelFormat.Bgra32 ? 1 : 0;
            Check(cnntorch_image_encode(pixels, image.Width, image.Height, bgra, extension, quality, &data, &size));
            try
            {
                return new ReadOnlySpan<byte>(data, checked((int)size)).ToArray();
            }
            finally
            {
                cnntorch_image_free(data);
            }
        }
    }

    internal static MLImage Resize(MLImage source, int width, int height, Sampling sampling)
    {
        MLImage image = MLImage.Rent(width, height, source.PixelFormat);
        fixed (byte* from = source.Pixels, to = image.Buffer)
            Check(cnntorch_image_resize(from, source.Width, source.Height, to, width, height, (int)sampling));
        return image;
    }

    /// <summary>The source scaled to the rectangle on a new image that is zero elsewhere; the rectangle may reach outside.</summary>
    internal static MLImage Draw(MLImage source, int width, int height, int x, int y, int drawnWidth, int drawnHeight)
    {
        MLImage image = MLImage.Rent(width, height, source.PixelFormat);
        fixed (byte* from = source.Pixels, to = image.Buffer)
            Check(cnntorch_image_draw(from, source.Width, source.Height, to, width, height, x, y, drawnWidth, drawnHeight));
        return image;
    }

    private static void Check(int done)
    {
        if (done == 0) throw new InvalidOperationException(LastError());
    }

    private static string LastError() => Marshal.PtrToStringUTF8(cnntorch_last_error());

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern nint cnntorch_last_error();

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern int cnntorch_image_info(byte* data, long size, Info* info);

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern int cnntorch_image_decode(byte* data, long size, int flags, byte* rgba, int width, int height);

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern int cnntorch_image_encode(byte* pixels, int width, int height, int bgra,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string extension, int quality, byte** data, long* size);

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern void cnntorch_image_free(byte* data);

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern int cnntorch_image_resize(byte* source, int sourceWidth, int sourceHeight, byte* target, int width, int height, int kind);

    [DllImport(NativeLibraryFile.Name, CallingConvention = CallingConvention.Cdecl)]
    private static extern int cnntorch_image_draw(byte* source, int sourceWidth, int sourceHeight,
        byte* target, int width, int height, int x, int y, int w, int h);
}
