using System;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Compat.MLNet.Tests.Images;

public sealed class ExtractPixelsTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Extract(MLImage image, ColorBits colors = ColorBits.Rgb, ColorsOrder order = ColorsOrder.ARGB,
        bool interleave = false, float offset = 0, float scale = 1, bool asFloat = true)
    {
        IDataView data = InMemory(_ml, image);
        return _ml.Transforms.ExtractPixels("Pixels", "Image", colors, order, interleave, offset, scale, asFloat).Fit(data).Transform(data);
    }

    // Every colour of every pixel is another number.
    private static MLImage Numbered() => MakeWithAlpha(Width, Height, (x, y) => (Number(x, y), Number(x, y) + 60, Number(x, y) + 120, Number(x, y) + 180));
    private static int Number(int x, int y) => y * Width + x;

    [Fact]
    public void By_default_red_green_and_blue_come_as_planes_of_floats()
    {
        IDataView data = Extract(Numbered());
        Assert.Equal("Vector<Single, 3, 4, 6>", data.Schema["Pixels"].Type.ToString());
        Assert.Equal(Enumerable.Range(0, 72).Select(i => i / 24 * 60f + i % 24), Vectors<float>(data, "Pixels")[0]);
    }

    [Fact]
    public void Interleaved_the_colours_of_a_pixel_stand_together()
    {
        IDataView data = Extract(Numbered(), interleave: true);
        Assert.Equal("Vector<Single, 4, 6, 3>", data.Schema["Pixels"].Type.ToString());
        Assert.Equal(Enumerable.Range(0, 72).Select(i => i % 3 * 60f + i / 3), Vectors<float>(data, "Pixels")[0]);
    }

    [Theory]
    [InlineData(ColorsOrder.ARGB, new[] { 180, 0, 60, 120 })]
    [InlineData(ColorsOrder.ARBG, new[] { 180, 0, 120, 60 })]
    [InlineData(ColorsOrder.ABRG, new[] { 180, 120, 0, 60 })]
    [InlineData(ColorsOrder.ABGR, new[] { 180, 120, 60, 0 })]
    [InlineData(ColorsOrder.AGRB, new[] { 180, 60, 0, 120 })]
    [InlineData(ColorsOrder.AGBR, new[] { 180, 60, 120, 0 })]
    public void The_order_is_spelt_by_its_name(ColorsOrder order, int[] firstPixel)
    {
        byte[] interleaved = Vectors<byte>(Extract(Numbered(), ColorBits.All, order, interleave: true, asFloat: false), "Pixels")[0];
        byte[] planar = Vectors<byte>(Extract(Numbered(), ColorBits.All, order, asFloat: false), "Pixels")[0];
        Assert.Equal(firstPixel, interleaved.Take(4).Select(value => (int)value));
        Assert.Equal(firstPixel, Enumerable.Range(0, 4).Select(plane => (int)planar[24 * plane]));
        float[] floats = Vectors<float>(Extract(Numbered(), ColorBits.All, order), "Pixels")[0];
        Assert.Equal(planar.Select(value => (float)value), floats);
    }

    [Fact]
    public void Single_colours_can_be_taken()
    {
        IDataView data = Extract(Numbered(), ColorBits.Green | ColorBits.Alpha, asFloat: false);
        Assert.Equal("Vector<Byte, 2, 4, 6>", data.Schema["Pixels"].Type.ToString());
        byte[] values = Vectors<byte>(data, "Pixels")[0];
        Assert.Equal((180, 60), (values[0], values[24]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_are_less_the_offset_times_the_scale(bool interleave)
    {
        float[] values = Vectors<float>(Extract(Numbered(), interleave: interleave, offset: 127.5f, scale: 1 / 127.5f), "Pixels")[0];
        float[] plain = Vectors<float>(Extract(Numbered(), interleave: interleave), "Pixels")[0];
        Assert.Equal(plain.Select(value => (value - 127.5f) * (1 / 127.5f)), values);
    }

    [Fact]
    public void Bytes_take_no_offset_and_scale()
    {
        byte[] values = Vectors<byte>(Extract(Numbered(), offset: 100, scale: 5, asFloat: false), "Pixels")[0];
        Assert.Equal(Enumerable.Range(0, 72).Select(i => (byte)(i / 24 * 60 + i % 24)), values);
    }

    [Fact]
    public void Both_orders_of_bytes_in_memory_give_the_same_vector()
    {
        MLImage rgba = Numbered();
        byte[] swapped = rgba.Pixels.ToArray();
        for (int i = 0; i < swapped.Length; i += 4) (swapped[i], swapped[i + 2]) = (swapped[i + 2], swapped[i]);
        MLImage bgra = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, swapped);
        Assert.Equal(Vectors<float>(Extract(rgba), "Pixels")[0], Vectors<float>(Extract(bgra), "Pixels")[0]);
        Assert.Equal(Vectors<byte>(Extract(rgba, interleave: true, asFloat: false), "Pixels")[0],
            Vectors<byte>(Extract(bgra, interleave: true, asFloat: false), "Pixels")[0]);
    }

    [Fact]
    public void A_null_image_gives_an_all_zero_sparse_vector()
    {
        IDataView data = Extract(null);
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Pixels"]]);
        VBuffer<float> value = default;
        cursor.MoveNext();
        cursor.GetGetter<VBuffer<float>>(data.Schema["Pixels"])(ref value);
        Assert.Equal((72, 0, false), (value.Length, value.GetValues().Length, value.IsDense));
    }

    [Fact]
    public void Images_of_unknown_size_are_refused_in_fit()
    {
        IDataView paths = Paths(_ml, PathOf("rgb.png"));
        var pipeline = _ml.Transforms.LoadImages("Image", null, "ImagePath").Append(_ml.Transforms.ExtractPixels("Pixels", "Image"));
        const string Message = "Schema mismatch for input column 'Image': expected known-size image, got unknown-size image (Parameter 'inputSchema')";
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(paths)).Message);
    }

    [Fact]
    public void Other_columns_than_images_are_refused()
    {
        IDataView paths = Paths(_ml, "a");
        var estimator = _ml.Transforms.ExtractPixels("Pixels", "ImagePath");
        Assert.Equal("Schema mismatch for input column 'ImagePath': expected Image, got String (Parameter 'inputSchema')",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(paths.Schema))).Message);
        Assert.Equal("Schema mismatch for input column 'ImagePath': expected image, got String (Parameter 'inputSchema')",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(paths)).Message);
    }

    [Fact]
    public void An_image_of_another_size_than_its_column_is_an_error_that_says_both()
    {
        Exception error = Innermost(Record.Exception(() => Vectors<float>(Extract(Make(5, 4, Rule)), "Pixels")));
        Assert.Equal("Column 'Image' is of type Image<4, 6>, but the image has the size <4, 5>", error.Message);
    }

    [Fact]
    public void Options_are_checked()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", "Image", colorsToExtract: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", "Image", scaleImage: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ExtractPixels("Pixels", "Image", offsetImage: float.NaN));
    }

    [Fact]
    public void Rows_that_follow_each_other_share_one_buffer()
    {
        IDataView data = InMemory(_ml, [.. Enumerable.Range(0, 60).Select(_ => Numbered())]);
        IDataView pixels = _ml.Transforms.ResizeImages("Image", 200, 100).Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(data).Transform(data);
        using DataViewRowCursor cursor = pixels.GetRowCursorSet([pixels.Schema["Pixels"]], 1)[0];
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(pixels.Schema["Pixels"]);
        VBuffer<float> value = default;
        for (int i = 0; i < 10 && cursor.MoveNext(); i++) getter(ref value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50 && cursor.MoveNext(); i++) getter(ref value);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 50, 0, 2000);
    }
}
