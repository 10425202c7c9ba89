using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines.Tests.Transforms;

/// <summary>Files as other programs write them: Images/means.py says what Pillow makes of them.</summary>
public sealed class OddImagesTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData("444.jpg", 186, 175, 48)]
    [InlineData("progressive.jpg", 186, 175, 47)]
    [InlineData("cmyk.jpg", 186, 175, 48)]
    [InlineData("gray.jpg", 164, 164, 164)]
    [InlineData("gray.png", 164, 164, 164)]
    [InlineData("gray16.png", 164, 164, 164)]
    [InlineData("rgb16.png", 186, 175, 48)]
    [InlineData("rgba.png", 186, 175, 48)]
    [InlineData("la.png", 164, 164, 164)]
    [InlineData("palette.png", 186, 175, 47)]
    [InlineData("palette-clear.png", 186, 175, 47)]
    [InlineData("gray4.png", 128, 128, 128)]
    [InlineData("bit1.png", 164, 164, 164)]
    [InlineData("alpha1.png", 255, 255, 254)]
    [InlineData("cutout.png", 226, 222, 173)]
    [InlineData("anim.gif", 186, 175, 47)] // the first frames
    [InlineData("anim.png", 186, 174, 47)]
    [InlineData("anim.webp", 186, 175, 47)]
    public void Colours_are_those_that_Pillow_reads(string file, int red, int green, int blue)
    {
        byte[] planes = Read(file);
        int area = planes.Length / 3;
        int[] means = [.. Enumerable.Range(0, 3).Select(c => (int)Math.Round(planes.AsSpan(c * area, area).ToArray().Average(pixel => pixel)))];
        Assert.All(means.Zip((int[])[red, green, blue]), pair => Assert.InRange(pair.First - pair.Second, -2, 2));
    }

    [Theory]
    [InlineData("bad-extraneous.jpg")]
    [InlineData("bad-trailing.jpg")]
    [InlineData("bad-two-in-one.jpg")]
    [InlineData("bad-no-end.jpg")]
    public void What_every_viewer_shows_is_read(string file)
    {
        Assert.Contains(Read(file), pixel => pixel > 0);
        Assert.Null(ImageFile.Fault(PathOf(file)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(30)]
    public void A_JPEG_file_that_lacks_more_than_its_end_is_cut(int bytes)
    {
        byte[] whole = File.ReadAllBytes(PathOf("bad-no-end.jpg"));
        using var folder = new TemporaryFolder();
        string file = folder.File("cut.jpg", whole[..^bytes]);
        Assert.Equal("the file ends early", ImageFile.Fault(file));
    }

    [Theory]
    [InlineData("bad-cut.jpg", "the file ends early")]
    [InlineData("avif.png", "it is an AVIF file, which is not read; convert it to PNG or JPEG")]
    [InlineData("heic.jpg", "it is a HEIC file, which is not read; convert it to PNG or JPEG")]
    [InlineData("drawing.png", "it is an SVG drawing, which is not read; convert it to PNG or JPEG")]
    [InlineData("page.jpg", "it is an HTML page, not an image")]
    [InlineData("lfs.jpg", "it is a Git LFS pointer, not the image; run git lfs pull")]
    public void What_is_not_read_is_called_what_it_is_by_the_check_and_by_the_reading(string file, string fault)
    {
        Assert.Equal(fault, ImageFile.Fault(PathOf(file)));
        Assert.Equal($"'{PathOf(file)}' cannot be read as an image: {fault}", Assert.Throws<InvalidDataException>(() => Read(file)).Message);
    }

    private byte[] Read(string file)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new LabelledImage { ImagePath = file }]);
        ITransformer reader = _ml.Transforms.LoadPixels("Pixels", 48, 64, Path.GetDirectoryName(PathOf(file)), options: new() { Fit = PixelFit.Stretch }).Fit(rows);
        return reader.Transform(rows).GetColumn<byte[]>("Pixels").Single();
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Transforms", "Images", file);
}
