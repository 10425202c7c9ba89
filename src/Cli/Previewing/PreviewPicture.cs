using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;

namespace CnnTrainers.Cli.Previewing;

/// <summary>A batch as a grid of pictures with their classes below them.</summary>
internal static class PreviewPicture
{
    private const int Gap = 12, TextHeight = 22, TextSize = 14, LeastSide = 112, MostSide = 224;

    private static readonly SKColor _ground = new(0xFF, 0xFF, 0xFF), _ink = new(0x22, 0x22, 0x22);

    /// <summary>Writes a PNG file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="batch">The images.</param>
    /// <param name="withBefore">Whether each is drawn as it is read, too, to its left.</param>
    /// <returns>Whether it has the names of the classes: false where this machine has no font.</returns>
    public static bool Write(string path, PreviewBatch batch, bool withBefore)
    {
        using SKTypeface? typeface = Fonts.Find();
        using var font = new SKPaint { Typeface = typeface, TextSize = TextSize, IsAntialias = true, Color = _ink };
        (int width, int height) = Sizes(batch.Images[0].Learned.Shape);
        int each = withBefore ? 2 : 1, cellWidth = each * width + (each - 1) * 4 + Gap, cellHeight = height + TextHeight + Gap;
        int columns = Math.Max(1, (int)Math.Round(Math.Sqrt((double)batch.Images.Count * cellHeight / cellWidth))), rows = (batch.Images.Count + columns - 1) / columns;
        using var surface = new SKBitmap(columns * cellWidth + Gap, rows * cellHeight + Gap + TextHeight, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(surface))
        {
            canvas.Clear(_ground);
            if (typeface is not null) Text(canvas, font, $"Training images as epoch {batch.Epoch} learns them{(withBefore ? "; left as they are read" : "")}", Gap, Gap + TextSize, surface.Width - 2 * Gap);
            foreach ((int at, PreviewImage image) in batch.Images.Index())
            {
                (float x, float y) = (Gap + at % columns * cellWidth, Gap + TextHeight + at / columns * cellHeight);
                if (withBefore) Draw(canvas, image.Read, SKRect.Create(x, y, width, height));
                Draw(canvas, image.Learned, SKRect.Create(x + (each - 1) * (width + 4), y, width, height));
                if (typeface is not null) Text(canvas, font, image.Target, x, y + height + TextSize + 2, cellWidth - Gap);
            }
        }
        using SKData png = surface.Encode(SKEncodedImageFormat.Png, 100);
        WholeFile.Write(path, file => File.WriteAllBytes(file, png.ToArray()));
        return typeface is not null;
    }

    // Small images are enlarged by a whole factor, large ones made smaller.
    private static (int Width, int Height) Sizes(ImageShape shape)
    {
        int shorter = Math.Min(shape.Height, shape.Width);
        double factor = shorter < LeastSide ? (LeastSide + shorter - 1) / shorter : Math.Min(1, (double)MostSide / shorter);
        return ((int)Math.Round(factor * shape.Width), (int)Math.Round(factor * shape.Height));
    }

    private static void Draw(SKCanvas canvas, TrainingImage image, SKRect place)
    {
        using MLImage drawn = image.Draw(1);
        SKColorType colours = drawn.PixelFormat == MLPixelFormat.Bgra32 ? SKColorType.Bgra8888 : SKColorType.Rgba8888;
        using var bitmap = new SKBitmap(drawn.Width, drawn.Height, colours, SKAlphaType.Opaque);
        Marshal.Copy(drawn.Pixels.ToArray(), 0, bitmap.GetPixels(), bitmap.ByteCount);
        using var paint = new SKPaint { FilterQuality = place.Width > drawn.Width ? SKFilterQuality.None : SKFilterQuality.High };
        canvas.DrawBitmap(bitmap, place, paint);
    }

    // What does not fit ends in dots.
    private static void Text(SKCanvas canvas, SKPaint font, string text, float x, float y, float width)
    {
        string shown = text;
        for (int length = text.Length - 1; length > 0 && font.MeasureText(shown) > width; length--) shown = text[..length].TrimEnd() + "…";
        canvas.DrawText(shown, x, y, font);
    }
}
