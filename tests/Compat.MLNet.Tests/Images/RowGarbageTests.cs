using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Compat.MLNet.Tests.Images;

/// <summary>What a row of the image transforms leaves to the garbage collector once all buffers are there.</summary>
public sealed class RowGarbageTests : IDisposable
{
    private const int WarmUpRows = 20, Rows = 50;

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public void Garbage_of_a_row_is_small_and_does_not_grow_with_the_image(string extension)
    {
        long small = BytesPerRow(Write(500, 375, extension)), large = BytesPerRow(Write(1000, 750, extension));

        Assert.InRange(small, 0, 2048);
        Assert.InRange(large, small - 64, small + 64);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(int width, int height, string extension)
    {
        string path = System.IO.Path.Combine(_folder.Path, $"{width}{extension}");
        using MLImage image = ImageFiles.Make(width, height, (x, y) => (x % 256, y % 256, x * y % 256));
        image.Save(path);
        return path;
    }

    private static long BytesPerRow(string path)
    {
        var ml = new MLContext(seed: 1);
        IDataView data = ImagePipelines.Paths(ml, [.. Enumerable.Repeat(path, WarmUpRows + Rows)]);
        IDataView pixels = ml.Transforms.LoadImages("Image", null, "ImagePath").Append(ml.Transforms.ResizeImages("Image", 224, 224))
            .Append(ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(data).Transform(data);
        // One cursor, so that all of it happens on this thread.
        using DataViewRowCursor cursor = pixels.GetRowCursorSet([pixels.Schema["Pixels"]], 1)[0];
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(pixels.Schema["Pixels"]);
        VBuffer<float> value = default;
        long start = 0;
        for (int row = 0; cursor.MoveNext(); row++)
        {
            if (row == WarmUpRows) start = GC.GetAllocatedBytesForCurrentThread();
            getter(ref value);
        }
        return (GC.GetAllocatedBytesForCurrentThread() - start) / Rows;
    }
}
