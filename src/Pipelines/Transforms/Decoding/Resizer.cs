using SkiaSharp;

namespace CnnTrainers.Pipelines.Decoding;

/// <summary>
/// Images to planes of bytes: cut, resized, put on a background, turned. Rows are shrunk one by one and kept only as long as a new row needs them.
/// </summary>
internal sealed unsafe class Resizer(bool vectorized) : IDisposable
{
    private readonly FilterWeights _columns = new(), _rows = new();
    private readonly NativeBuffer _kept = new(), _pointers = new(), _lines = new();
    private int _stride, _next; // numbers from a kept row to the next; the first row of the image that was not shrunk yet

    public Resizer() : this(Resampling.IsVectorized)
    {
    }

    /// <summary>Makes the planes of an image.</summary>
    /// <param name="image">The image, as it is stored.</param>
    /// <param name="origin">How it has to be turned.</param>
    /// <param name="loading">What is wanted.</param>
    /// <param name="planes">Channels × height × width.</param>
    public void Resize(Bitmap image, SKEncodedOrigin origin, PixelLoading loading, Span<byte> planes)
    {
        var fitting = new Fitting(loading.Options.Fit, loading.Height, loading.Width);
        if (origin >= SKEncodedOrigin.LeftTop) fitting = fitting.Turned;
        var seen = fitting.Seen(image.Height, image.Width);
        var place = fitting.Place(image.Height, image.Width);
        _columns.Set(seen.Left, seen.Width, image.Width, place.Width);
        _rows.Set(seen.Top, seen.Height, image.Height, place.Height);
        _stride = (place.Width + Resampling.Block - 1) / Resampling.Block * Resampling.Block;
        _next = 0;
        if (place.Height < fitting.Height || place.Width < fitting.Width) Fill(planes, loading);

        var turn = Turn.Of(origin, loading.Height, loading.Width);
        int area = loading.Height * loading.Width, channels = image.HasAlpha ? 4 : 3;
        byte* line = _lines.Take(4 * _stride);
        for (int y = 0; y < place.Height; y++)
        {
            Shrink(image, y, channels);
            Colours.Finish(line, _stride, image.HasAlpha, loading.Options);
            for (int channel = 0; channel < loading.Channels; channel++)
                turn.Write(new(line + channel * _stride, place.Width), place.Top + y, place.Left, planes.Slice(channel * area, area));
        }
    }

    public void Dispose()
    {
        _kept.Dispose();
        _pointers.Dispose();
        _lines.Dispose();
    }

    // One new row, of the old ones that it covers.
    private void Shrink(Bitmap image, int y, int channels)
    {
        int taps = _rows.Taps, first = _rows.First[y];
        short* kept = (short*)_kept.Take(sizeof(short) * (long)taps * channels * _stride);
        byte* line = _lines.Take(4 * _stride);
        short** rows = (short**)_pointers.Take(sizeof(short*) * (long)taps);
        for (_next = Math.Max(_next, first); _next < Math.Min(first + taps, image.Height); _next++)
            Resampling.Along(image.Pixels + 4L * _next * image.Width, _columns, channels, Kept(_next), taps * _stride, vectorized);
        fixed (short* weights = _rows.Weights)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                for (int i = 0; i < taps; i++) rows[i] = Kept(Math.Min(first + i, image.Height - 1)) + (long)channel * taps * _stride;
                int place = image.IsBgra && channel < 3 ? 2 - channel : channel;
                Resampling.Across(rows, weights + (long)y * taps, taps, _stride, line + place * _stride, vectorized);
            }
        }

        short* Kept(int row) => kept + (long)(row % taps) * _stride;
    }

    private static void Fill(Span<byte> planes, PixelLoading loading)
    {
        PixelColor colour = loading.Options.Background;
        int area = loading.Height * loading.Width;
        if (loading.Channels == 1)
        {
            planes.Fill(Colours.Luma(colour.Red, colour.Green, colour.Blue));
            return;
        }
        planes[..area].Fill(colour.Red);
        planes.Slice(area, area).Fill(colour.Green);
        planes.Slice(2 * area, area).Fill(colour.Blue);
        planes[(3 * area)..].Fill(255);
    }
}
