using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class IdxTests : IDisposable
{
    private const string FashionMnist = "/usr/share/datasets/fashion-mnist";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Two images of 2 × 3: 0…5 and 100…105, with labels 1 and 0.
    private static readonly byte[] _images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105];
    private static readonly byte[] _labels = [0, 0, 8, 1, 0, 0, 0, 2, 1, 0];

    private string WriteSmall()
    {
        _folder.File("train-labels-idx1-ubyte", _labels);
        return _folder.File("train-images-idx3-ubyte", _images);
    }

    [Fact]
    public void A_pair_of_plain_files_is_read()
    {
        IdxDataset data = IdxDataset.Read(WriteSmall());
        Assert.Equal((2, 2, 3), (data.Count, data.Height, data.Width));
        Assert.Equal([100, 101, 102, 103, 104, 105], data.Pixels(1).ToArray());
        Assert.Equal(("1", "0"), (data.Label(0), data.Label(1)));
    }

    [Fact]
    public void Some_images_are_rows_and_a_pair_of_files_of_their_own()
    {
        IdxDataset data = IdxDataset.Read(WriteSmall());
        Assert.Equal(["0", "1", "0"], data.Rows([1, 0, 1]).Select(row => row.Label));
        string images = Path.Combine(_folder.Path, "some-images-idx3-ubyte");
        data.Save(images, [1]);
        IdxDataset saved = IdxDataset.Read(images);
        Assert.Equal((1, 2, 3, "0"), (saved.Count, saved.Height, saved.Width, saved.Label(0)));
        Assert.Equal([100, 101, 102, 103, 104, 105], saved.Pixels(0).ToArray());
        Assert.Throws<ArgumentException>(() => data.Save(Path.Combine(_folder.Path, "some.idx"), [1]));
    }

    [Fact]
    public void Names_of_classes_are_saved_beside_and_found_again()
    {
        string images = Path.Combine(_folder.Path, "some-images-idx3-ubyte");
        IdxDataset.Read(WriteSmall(), classNames: ["zero", "one"]).Save(images, [0]);
        Assert.True(File.Exists(Path.Combine(_folder.Path, "some-classes.txt")));
        Assert.Equal("one", IdxDataset.Read(images).Label(0));
    }

    [Fact]
    public void Gzip_is_recognised_by_content_and_labels_are_found_beside()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(_images);
        _folder.File("t10k-labels-idx1-ubyte", _labels);
        string images = _folder.File("t10k-images-idx3-ubyte.gz", packed.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5], IdxDataset.Read(images).Pixels(0).ToArray());
    }

    [Fact]
    public void Rows_are_gray_images_of_their_class()
    {
        IdxImage row = IdxDataset.Read(WriteSmall(), classNames: ["zero", "one"]).Rows(1).Single();
        using MLImage image = row.Image!;
        Assert.Equal(("one", 3, 2), (row.Label, image.Width, image.Height));
        Assert.Equal([5, 5, 5, 255], image.Pixels[^4..].ToArray());
    }

    [Fact]
    public void Written_png_files_come_back_with_the_same_pixels()
    {
        IdxDataset.Read(WriteSmall(), classNames: ["zero", "one"]).WritePng(_folder.Path);
        IReadOnlyList<LabelledImage> files = ImageFolder.Read(_folder.Path, absolutePaths: true);
        Assert.Equal(["one", "zero"], files.Select(f => f.Label));
        using MLImage image = MLImage.CreateFromFile(files[1].ImagePath);
        Assert.Equal([100, 101, 102, 103, 104, 105], Enumerable.Range(0, 6).Select(i => (int)image.Pixels[4 * i]));
    }

    [Fact]
    public void Rows_go_through_an_image_pipeline()
    {
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(IdxDataset.Read(WriteSmall()).Rows());
        IDataView pixels = ml.Transforms.ResizeImages("Image", 3, 2).Append(ml.Transforms.ExtractPixels("Pixels", "Image")).Fit(rows).Transform(rows);
        float[][] values = [.. pixels.GetColumn<float[]>("Pixels")];
        Assert.Equal([0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], values[0]);
    }

    [Fact]
    public void Rows_come_back_from_a_data_view()
    {
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadFromEnumerable(IdxDataset.Read(WriteSmall()).Rows());
        Assert.Equal(new ImageDataViewType(), rows.Schema["Image"].Type);
        IdxImage row = ml.Data.CreateEnumerable<IdxImage>(rows, reuseRowObject: false).First();
        using MLImage image = row.Image!;
        Assert.Equal((3, 2), (image.Width, image.Height));
    }

    [Fact]
    public void Fashion_mnist_has_its_known_counts()
    {
        IdxDataset data = IdxDataset.Read(Path.Combine(FashionMnist, "t10k-images-idx3-ubyte.gz"), classNames: IdxDataset.FashionMnistClasses);
        Assert.Equal((10_000, 28, 28), (data.Count, data.Height, data.Width));
        Assert.Equal("Ankle boot", data.Label(0));
        Assert.Equal(1000, Enumerable.Range(0, data.Count).Count(i => data.Label(i) == "Bag"));
    }

    [Fact]
    public void Every_cut_off_file_is_an_error_that_names_it()
    {
        for (int length = 0; length < _images.Length; length++)
        {
            string path = _folder.File("cut", _images[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, out _)).Message);
        }
    }

    [Fact]
    public void A_header_that_claims_too_much_is_refused_without_allocating_it()
    {
        string path = _folder.File("huge", [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1, 0, 0, 0, 1, 7]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, out _));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public void Labels_that_do_not_fit_the_images_are_an_error()
    {
        string images = WriteSmall();
        string labels = _folder.File("three", [0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]);
        Assert.Contains("expected 2 labels", Assert.Throws<InvalidDataException>(() => IdxDataset.Read(images, labels)).Message);
    }

    [Fact]
    public void A_label_without_a_name_is_an_error() =>
        Assert.Contains("label 1", Assert.Throws<InvalidDataException>(() => IdxDataset.Read(WriteSmall(), classNames: ["zero"])).Message);

    [Fact]
    public void Other_element_types_are_refused()
    {
        string path = _folder.File("floats", [0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
        Assert.Contains("0x0D", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, out _)).Message);
    }
}
