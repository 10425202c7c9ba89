using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Compat.MLNet.Tests.Images;

public sealed class ImageModelFileTests
{
    private sealed class LabelledPath
    {
        public string ImagePath { get; set; }
        public string Label { get; set; }
    }

    private static readonly string _zips = Path.Combine(AppContext.BaseDirectory, "TestData", "Zips");
    private readonly MLContext _ml = new(seed: 1);

    private IDataView ThreeImages() => _ml.Data.LoadFromEnumerable(new[] { "red", "green", "red" }
        .Select((label, i) => new LabelledPath { ImagePath = Path.Combine(_zips, "img", $"i{i}.png"), Label = label }));

    private static Dictionary<string, byte[]> Entries(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var bytes = new MemoryStream();
            using Stream stream = entry.Open();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    [Fact]
    public void A_file_of_the_real_MLNet_gives_its_numbers()
    {
        ITransformer model = _ml.Model.Load(Path.Combine(_zips, "images.zip"), out _);
        IDataView data = model.Transform(ThreeImages());
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_zips, "images.expected.json")));
        Assert.Equal(expected.RootElement.GetProperty("pixels").Deserialize<float[][]>(), Vectors<float>(data, "Pixels"));
        Assert.Equal(expected.RootElement.GetProperty("bytes").Deserialize<int[][]>(),
            Vectors<byte>(data, "Bytes").Select(row => row.Select(value => (int)value).ToArray()));
    }

    [Fact]
    public void A_file_of_the_real_MLNet_is_written_again_byte_by_byte()
    {
        using var folder = new TemporaryFolder();
        string original = Path.Combine(_zips, "images.zip"), again = Path.Combine(folder.Path, "again.zip");
        ITransformer model = _ml.Model.Load(original, out DataViewSchema schema);
        _ml.Model.Save(model, schema, again);
        Dictionary<string, byte[]> expected = Entries(original), actual = Entries(again);
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.All(expected, entry => Assert.Equal(entry.Value, actual[entry.Key]));
    }

    [Fact]
    public void Every_image_transformer_gives_the_same_after_saving_and_loading()
    {
        IDataView data = ThreeImages();
        ITransformer model = _ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(_ml.Transforms.ResizeImages("Padded", 5, 7, "Image", ImageResizingEstimator.ResizingKind.IsoPad))
            .Append(_ml.Transforms.ResizeImages("Cropped", 3, 4, "Image", cropAnchor: ImageResizingEstimator.Anchor.Right))
            .Append(_ml.Transforms.ConvertToGrayscale("Gray", "Padded"))
            .Append(_ml.Transforms.ExtractPixels("A", "Gray", ColorBits.All, ColorsOrder.ABGR, true, 3, 0.5f))
            .Append(_ml.Transforms.ExtractPixels("B", "Cropped", outputAsFloatArray: false))
            .Append(_ml.Transforms.ConvertToImage(4, 3, "Back", "B", orderOfColors: ColorsOrder.AGBR, defaultAlpha: 9))
            .Append(_ml.Transforms.ExtractPixels("C", "Back", ColorBits.All))
            .Append(_ml.Transforms.LoadRawImageBytes("Raw", null, "ImagePath")).Fit(data);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "m.zip");
        _ml.Model.Save(model, data.Schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out _);
        IDataView before = model.Transform(data), after = loaded.Transform(data);
        Assert.Equal(before.Schema.Select(column => $"{column.Name} {column.Type}"), after.Schema.Select(column => $"{column.Name} {column.Type}"));
        foreach (string column in new[] { "A", "C" }) Assert.Equal(Vectors<float>(before, column), Vectors<float>(after, column));
        foreach (string column in new[] { "B", "Raw" }) Assert.Equal(Vectors<byte>(before, column), Vectors<byte>(after, column));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("some folder/below")]
    public void The_folder_is_saved_as_given(string imageFolder)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "m.zip");
        IDataView data = Paths(_ml);
        _ml.Model.Save(_ml.Transforms.LoadImages("Image", imageFolder, "ImagePath").Fit(data), data.Schema, path);
        Assert.Equal(imageFolder, Assert.IsType<ImageLoadingTransformer>(_ml.Model.Load(path, out _)).ImageFolder);
    }

    [Fact]
    public void Columns_of_images_are_left_out_of_the_saved_schema()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "m.zip");
        IDataView paths = Paths(_ml, PathOf("rgb.png"));
        IDataView images = _ml.Transforms.LoadImages("Image", null, "ImagePath").Fit(paths).Transform(paths);
        ITransformer gray = _ml.Transforms.ConvertToGrayscale("Image").Fit(images);
        _ml.Model.Save(gray, images.Schema, path);
        _ml.Model.Load(path, out DataViewSchema schema);
        Assert.Equal(["ImagePath"], schema.Select(column => column.Name));
    }

    [Fact]
    public void A_schema_of_nothing_but_images_cannot_be_saved()
    {
        using var folder = new TemporaryFolder();
        IDataView images = InMemory(_ml, Make(6, 4, Rule));
        ITransformer gray = _ml.Transforms.ConvertToGrayscale("Image").Fit(images);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(gray, images.Schema, Path.Combine(folder.Path, "m.zip")));
        Assert.Contains("No valid columns to save", error.Message);
    }
}
