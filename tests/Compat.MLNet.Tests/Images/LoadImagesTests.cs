using System;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using static Compat.MLNet.Tests.Images.ImageFiles;
using static Compat.MLNet.Tests.Images.ImagePipelines;

namespace Compat.MLNet.Tests.Images;

public sealed class LoadImagesTests
{
    private static readonly string _folder = Path.GetDirectoryName(PathOf("rgb.png"));
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Load(string folder, params string[] paths)
    {
        IDataView data = Paths(_ml, paths);
        return _ml.Transforms.LoadImages("Image", folder, "ImagePath").Fit(data).Transform(data);
    }

    [Fact]
    public void The_column_is_of_images_of_unknown_size()
    {
        IDataView data = Load(_folder, "rgb.png");
        Assert.Equal("Image", data.Schema["Image"].Type.ToString());
        Assert.Equal("String", data.Schema["ImagePath"].Type.ToString());
    }

    [Fact]
    public void Paths_are_relative_to_the_folder()
    {
        var sizes = Look(Load(_folder, "rgb.png", "baseline.jpg"), "Image", image => (image.Width, image.Height));
        Assert.Equal([(6, 4), (48, 32)], sizes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_a_folder_paths_are_taken_as_they_are(string folder)
    {
        IDataView data = Load(folder, PathOf("rgb.png"));
        Assert.Equal(PathOf("rgb.png"), Look(data, "Image", image => image.Tag)[0]);
        Assert.Equal((200, 180, 100, 255), Look(data, "Image", image => At(image, 5, 3))[0]);
    }

    [Fact]
    public void A_null_or_empty_path_gives_a_null_image()
    {
        var sizes = Look(Load(_folder, "rgb.png", null, "", "rgb.png"), "Image", image => image.Width);
        Assert.Equal([6, 0, 0, 6], sizes);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => Look(Load(_folder, "absent.png"), "Image", image => 0));
        string path = Path.Combine(_folder, "absent.png");
        Assert.Contains(path, error.Message);
        Assert.Equal(path, error.Data["ImagePath"]);
    }

    [Fact]
    public void A_text_named_jpg_is_no_image()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("text.jpg", "no pixels here"u8.ToArray());
        var error = Assert.Throws<ArgumentException>(() => Look(Load(folder.Path, "text.jpg"), "Image", image => 0));
        Assert.Equal("Invalid input stream contents (Parameter 'imageStream')", error.Message);
        Assert.Equal(path, error.Data["ImagePath"]);
        Assert.Contains(path, error.InnerException.Message);
    }

    [Fact]
    public void A_truncated_file_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("half.jpg", Bytes("baseline.jpg")[..350]);
        var error = Assert.Throws<ArgumentException>(() => Look(Load(null, path), "Image", image => 0));
        Assert.Equal($"Invalid input stream contents: truncated JPEG image '{path}' (Parameter 'imageStream')", error.Message);
        Assert.Equal(path, error.Data["ImagePath"]);
    }

    [Fact]
    public void Where_cursors_run_in_parallel_the_error_is_wrapped()
    {
        IDataView images = Load(_folder, "absent.png");
        IDataView pixels = _ml.Transforms.ResizeImages("Image", 6, 4).Append(_ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(images).Transform(images);
        Exception error = Record.Exception(() => Vectors<float>(pixels, "Pixels"));
        if (Environment.ProcessorCount > 1)
            Assert.Equal("Splitter/consolidator worker encountered exception while consuming source data",
                Assert.IsType<InvalidOperationException>(error).Message);
        Assert.IsType<FileNotFoundException>(Innermost(error));
    }

    [Fact]
    public void A_getter_disposes_the_image_that_its_destination_held()
    {
        IDataView data = Load(_folder, "rgb.png", "rgb.bmp");
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(data.Schema["Image"]);
        MLImage image = null;
        cursor.MoveNext();
        getter(ref image);
        MLImage first = image;
        cursor.MoveNext();
        getter(ref image);
        Assert.NotSame(first, image);
        Assert.Equal("Object is disposed.", Assert.Throws<InvalidOperationException>(() => first.Width).Message);
        Assert.Equal(6, image.Width);
    }

    [Fact]
    public void A_list_of_a_column_of_images_holds_disposed_ones()
    {
        var images = Load(_folder, "rgb.png", "rgb.bmp", "rgb.tif").GetColumn<MLImage>("Image").ToList();
        Assert.Equal(3, images.Count);
        Assert.Throws<InvalidOperationException>(() => images[0].Width);
        Assert.Throws<InvalidOperationException>(() => images[1].Width);
    }

    [Fact]
    public void Another_type_than_text_is_refused_by_the_estimator_and_by_the_transformer()
    {
        IDataView numbers = _ml.Data.LoadFromEnumerable(new[] { new { ImagePath = 1f } });
        var estimator = _ml.Transforms.LoadImages("Image", null, "ImagePath");
        const string Message = "Schema mismatch for input column 'ImagePath': expected String, got Single (Parameter 'inputSchema')";
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(numbers.Schema))).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(numbers)).Message);
        ImageLoadingTransformer transformer = estimator.Fit(Paths(_ml));
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => transformer.GetOutputSchema(numbers.Schema)).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(numbers)).Message);
    }

    [Fact]
    public void A_column_that_is_not_there_is_named()
    {
        var estimator = _ml.Transforms.LoadImages("Image", null, "Q");
        const string Message = "Could not find input column 'Q' (Parameter 'inputSchema')";
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(SchemaShape.Create(Paths(_ml).Schema))).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(Paths(_ml))).Message);
    }

    [Fact]
    public void Raw_bytes_are_the_files_bytes()
    {
        IDataView paths = Paths(_ml, "rgb.png", "", "baseline.jpg");
        IDataView data = _ml.Transforms.LoadRawImageBytes("Bytes", _folder, "ImagePath").Fit(paths).Transform(paths);
        Assert.False(((VectorDataViewType)data.Schema["Bytes"].Type).IsKnownSize);
        Assert.Equal([Bytes("rgb.png"), [], Bytes("baseline.jpg")], Vectors<byte>(data, "Bytes"));
    }

    [Fact]
    public void The_promised_schema_is_the_delivered_one()
    {
        IDataView paths = Paths(_ml, "rgb.png");
        foreach (var estimator in new[] { _ml.Transforms.LoadImages("X", _folder, "ImagePath"), _ml.Transforms.LoadRawImageBytes("X", _folder, "ImagePath") })
        {
            SchemaShape promised = estimator.GetOutputSchema(SchemaShape.Create(paths.Schema));
            SchemaShape delivered = SchemaShape.Create(estimator.Fit(paths).GetOutputSchema(paths.Schema));
            Assert.Equal(Describe(delivered), Describe(promised));
        }
        static string[] Describe(SchemaShape shape) => [.. shape.Select(column => $"{column.Name} {column.Kind} {column.ItemType}")];
    }

    [Fact]
    public void The_folder_is_kept_as_given()
    {
        Assert.Equal("some/folder/", _ml.Transforms.LoadImages("Image", "some/folder/", "ImagePath").Fit(Paths(_ml)).ImageFolder);
    }
}
