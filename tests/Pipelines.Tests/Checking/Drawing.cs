using SkiaSharp;

namespace CnnTrainers.Pipelines.Tests.Checking;

/// <summary>Pictures of coloured discs, another for each seed, in any size, format and quality.</summary>
internal static class Drawing
{
    public static byte[] Png(int seed, int side = 64) => Of(seed, side, side, SKEncodedImageFormat.Png, 100);

    public static byte[] Jpeg(int seed, int side = 64, int quality = 85) => Of(seed, side, side, SKEncodedImageFormat.Jpeg, quality);

    /// <summary>A picture as a camera held on its side stores it: turned by a quarter, with the EXIF tag that says so.</summary>
    public static byte[] OnItsSide(int seed, int width, int height)
    {
        using var upright = SKBitmap.Decode(Of(seed, width, height, SKEncodedImageFormat.Png, 100));
        using var stored = new SKBitmap(height, width);
        using (var canvas = new SKCanvas(stored))
        {
            canvas.Translate(0, width);
            canvas.RotateDegrees(-90);
            canvas.DrawBitmap(upright, 0, 0);
        }
        byte[] jpeg = Encode(stored, SKEncodedImageFormat.Jpeg, 90);
        // Orientation 6: the first row is the right-hand side.
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], .. exif, .. jpeg[2..]];
    }

    public static byte[] Of(int seed, int width, int height, SKEncodedImageFormat format, int quality)
    {
        var random = new Random(seed);
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { IsAntialias = true })
        {
            canvas.Clear(Colour());
            for (int i = 0; i < 15; i++)
            {
                paint.Color = Colour();
                canvas.DrawOval(random.NextSingle() * width, random.NextSingle() * height, (0.1f + random.NextSingle() / 4) * width, (0.1f + random.NextSingle() / 4) * height, paint);
            }
        }
        return Encode(bitmap, format, quality);

        SKColor Colour() => new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
    }

    /// <summary>A picture of one colour.</summary>
    public static byte[] Plain(byte level)
    {
        using var bitmap = new SKBitmap(32, 32);
        bitmap.Erase(new SKColor(level, level, level));
        return Encode(bitmap, SKEncodedImageFormat.Png, 100);
    }

    /// <summary>An icon: a few gray lines on white, with one bar, whose place says which it is.</summary>
    public static byte[] Icon(int place)
    {
        using var bitmap = new SKBitmap(48, 48);
        using (var canvas = new SKCanvas(bitmap))
        using (var paint = new SKPaint { Color = SKColors.Gray, Style = SKPaintStyle.Stroke, StrokeWidth = 2 })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawRect(4, 4, 40, 40, paint);
            canvas.DrawLine(8, 8 + 4 * place, 40, 8 + 4 * place, paint);
        }
        return Encode(bitmap, SKEncodedImageFormat.Png, 100);
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality)
    {
        using SKData data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
