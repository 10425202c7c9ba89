using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;

namespace CnnTrainers.Pipelines.Tests.Transforms;

public sealed class LoadPixelsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_column_is_a_byte_vector_of_channels_height_and_width()
    {
        IDataView rows = Rows(Picture("a.png", 30, 20, SKColors.Red));
        DataViewSchema schema = _ml.Transforms.LoadPixels("Pixels", 8, 12, _folder.Path).Fit(rows).GetOutputSchema(rows.Schema);
        Assert.Equal("Vector<Byte, 3, 8, 12>", schema["Pixels"].Type.ToString());
        Assert.Equal(["ImagePath", "Label", "Pixels"], schema.Select(column => column.Name));
    }

    [Fact]
    public void The_promised_schema_is_the_delivered_one()
    {
        IDataView rows = Rows(Picture("a.png", 30, 20, SKColors.Red));
        var estimator = _ml.Transforms.LoadPixels("Pixels", 8, 12);
        SchemaShape.Column promised = estimator.GetOutputSchema(Persistence.MLNetInternals.ShapeOf(rows.Schema)).Single(column => column.Name == "Pixels");
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Byte, false), (promised.Kind, promised.ItemType, promised.IsKey));
    }

    [Theory]
    [InlineData("Other", "Could not find input column 'Other'")]
    [InlineData("Number", "Schema mismatch for input column 'Number': expected String, Vector<Byte> or Image, got Single")]
    public void A_column_that_does_not_fit_is_refused_everywhere(string column, string message)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable([new WithNumber()]);
        var estimator = _ml.Transforms.LoadPixels("Pixels", 8, 8, inputColumnName: column);
        var fitted = _ml.Transforms.LoadPixels("Pixels", 8, 8, inputColumnName: "ImagePath").Fit(rows);
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(rows)).Message);
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(Persistence.MLNetInternals.ShapeOf(rows.Schema))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(_ml.Data.LoadFromEnumerable([new OnlyNumber()])));
    }

    [Fact]
    public void Paths_bytes_and_images_in_memory_give_the_same_pixels()
    {
        string file = Noise("noise.png", 40, 60);
        byte[] ofPath = Pixels(_ml.Transforms.LoadPixels("Pixels", 16, 16), Rows(file));
        var bytes = new InMemory { File = File.ReadAllBytes(file), Image = MLImage.CreateFromFile(file) };
        Assert.Equal(ofPath, Pixels(_ml.Transforms.LoadPixels("Pixels", 16, 16, inputColumnName: "File"), _ml.Data.LoadFromEnumerable([bytes])));
        Assert.Equal(ofPath, Pixels(_ml.Transforms.LoadPixels("Pixels", 16, 16, inputColumnName: "Image"), _ml.Data.LoadFromEnumerable([bytes])));
    }

    [Fact]
    public void A_saved_model_reads_images_as_it_did_with_plain_Load()
    {
        IDataView rows = Rows(Noise("a.png", 40, 60));
        var options = new PixelLoadingOptions { Fit = PixelFit.Pad, Colors = PixelColors.Gray, Background = new(1, 2, 3), Upright = false, MaximumPixels = 5000 };
        PixelLoadingTransformer saved = _ml.Transforms.LoadPixels("Pixels", 12, 16, _folder.Path, options: options).Fit(rows);
        string model = Path.Combine(_folder.Path, "model.zip");
        _ml.Model.Save(saved, rows.Schema, model);
        var loaded = (PixelLoadingTransformer)new MLContext().Model.Load(model, out _);
        Assert.Equal(options, loaded.Options);
        Assert.Equal((12, 16, "ImagePath", "Pixels"), (loaded.Height, loaded.Width, loaded.InputColumnName, loaded.OutputColumnName));
        Assert.Equal(saved.Transform(rows).GetColumn<byte[]>("Pixels").Single(), loaded.Transform(rows).GetColumn<byte[]>("Pixels").Single());
    }

    [Fact]
    public void A_prediction_engine_reads_images()
    {
        string file = Picture("red.png", 30, 20, SKColors.Red);
        ITransformer model = _ml.Transforms.LoadPixels("Pixels", 2, 2).Fit(Rows(file));
        using var engine = _ml.Model.CreatePredictionEngine<LabelledImage, Loaded>(model);
        Assert.Equal([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0], engine.Predict(new LabelledImage { ImagePath = file }).Pixels);
    }

    [Fact]
    public void Many_cursors_give_every_row_once()
    {
        string[] files = [.. Enumerable.Range(0, 40).Select(i => Picture($"{i}.png", 5, 5, new SKColor((byte)i, 0, 0)))];
        IDataView pixels = _ml.Transforms.LoadPixels("Pixels", 1, 1).Fit(Rows(files)).Transform(Rows(files));
        DataViewSchema.Column column = pixels.Schema["Pixels"];
        var seen = new List<byte>();
        foreach (DataViewRowCursor cursor in pixels.GetRowCursorSet([column], 4))
        {
            using (cursor)
            {
                var getter = cursor.GetGetter<VBuffer<byte>>(column);
                VBuffer<byte> value = default;
                while (cursor.MoveNext())
                {
                    getter(ref value);
                    seen.Add(value.GetItemOrDefault(0));
                }
            }
        }
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (byte)i), seen.Order());
    }

    [Fact]
    public void Few_rows_are_shared_among_cursors_whoever_asks_first()
    {
        string[] files = [.. Enumerable.Range(0, 5).Select(i => Picture($"{i}.png", 5, 5, new SKColor((byte)i, 0, 0)))];
        IDataView paths = Rows(files);
        ITransformer steps = _ml.Transforms.CopyColumns("Name", "ImagePath").Append(_ml.Transforms.LoadPixels("Pixels", 1, 1)).Fit(paths);
        IDataView pixels = steps.Transform(paths);
        DataViewRowCursor[] cursors = pixels.GetRowCursorSet(pixels.Schema, 2);
        Assert.Equal(2, cursors.Length);
        (int Cursor, int Row)[] turns = [(0, 0), (1, 1), (1, 2), (0, 3), (1, 4)];
        foreach ((int cursor, int row) in turns)
        {
            Assert.True(cursors[cursor].MoveNext());
            Assert.Equal((row, row), (cursors[cursor].Batch, cursors[cursor].Position));
            VBuffer<byte> value = default;
            ReadOnlyMemory<char> name = default;
            DataViewRowId id = default;
            cursors[cursor].GetGetter<VBuffer<byte>>(pixels.Schema["Pixels"])(ref value);
            cursors[cursor].GetGetter<ReadOnlyMemory<char>>(pixels.Schema["Name"])(ref name);
            cursors[cursor].GetIdGetter()(ref id);
            Assert.Equal(((byte)row, files[row], new DataViewRowId((ulong)row, 0)), (value.GetItemOrDefault(0), name.ToString(), id));
        }
        Assert.All(cursors, cursor => Assert.False(cursor.MoveNext()));
        cursors[0].Dispose();
        cursors[0].Dispose();
        cursors[1].Dispose();
    }

    [Fact]
    public void Many_cursors_with_images_of_other_steps_give_every_row_once()
    {
        string[] files = [.. Enumerable.Range(0, 150).Select(i => Picture($"{i}.png", 5, 5, new SKColor((byte)i, 0, 0)))];
        IDataView paths = Rows(files);
        IDataView pixels = _ml.Transforms.LoadImages("Image", "", "ImagePath").Append(_ml.Transforms.LoadPixels("Pixels", 1, 1, inputColumnName: "Image")).Fit(paths).Transform(paths);
        Assert.Equal(Enumerable.Range(0, 150), pixels.GetColumn<byte[]>("Pixels").Select(one => (int)one[0]));
    }

    [Fact]
    public void A_plain_cursor_gives_the_rows_in_order()
    {
        string[] files = [.. Enumerable.Range(0, 150).Select(i => Picture($"{i}.png", 5, 5, new SKColor((byte)i, 0, 0)))];
        IDataView pixels = _ml.Transforms.LoadPixels("Pixels", 1, 1).Fit(Rows(files)).Transform(Rows(files));
        Assert.Equal(Enumerable.Range(0, 150), pixels.GetColumn<byte[]>("Pixels").Select(one => (int)one[0]));
    }

    [Theory]
    [InlineData(PixelFit.Crop, "ggrrrrgg", 2, 2, "rr")]
    [InlineData(PixelFit.Stretch, "ggrrrrgg", 1, 4, "grrg")]
    [InlineData(PixelFit.Pad, "rrrr", 4, 4, "wwww")] // its first row
    public void Images_are_cut_padded_or_stretched(PixelFit fit, string columns, int height, int width, string expected)
    {
        using var bitmap = new SKBitmap(columns.Length, columns.Length == 4 ? 2 : 4);
        for (int x = 0; x < columns.Length; x++)
            for (int y = 0; y < bitmap.Height; y++) bitmap.SetPixel(x, y, columns[x] == 'r' ? SKColors.Red : SKColors.Lime);
        byte[] pixels = Pixels(_ml.Transforms.LoadPixels("Pixels", height, width, options: new() { Fit = fit }), Rows(Save("a.png", bitmap)));
        string row = string.Concat(Enumerable.Range(0, width).Select(x => (pixels[x], pixels[height * width + x]) switch { (255, 255) => 'w', ( > 128, < 128) => 'r', _ => 'g' }));
        Assert.Equal(expected, row);
    }

    [Fact]
    public void Clear_pixels_take_the_background_or_keep_their_alpha()
    {
        using var bitmap = new SKBitmap(4, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(200, 0, 0, 0));
        IDataView rows = Rows(Save("clear.png", bitmap));
        Assert.Equal([255, 255, 255], Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1), rows));
        Assert.Equal([9, 8, 7], Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1, options: new() { Background = new(9, 8, 7) }), rows));
        Assert.Equal(0, Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1, options: new() { Colors = PixelColors.Rgba }), rows)[3]);
    }

    [Fact]
    public void Half_clear_pixels_are_mixed_with_the_background()
    {
        using var bitmap = new SKBitmap(4, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        bitmap.Erase(new SKColor(200, 100, 0, 128));
        IDataView rows = Rows(Save("half.png", bitmap));
        byte[] onBlack = Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1, options: new() { Background = new(0, 0, 0) }), rows);
        byte[] kept = Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1, options: new() { Colors = PixelColors.Rgba }), rows);
        Assert.Equal([100, 50, 0], onBlack);
        Assert.InRange(kept[0], 199, 201);
        Assert.Equal(128, kept[3]);
    }

    [Fact]
    public void Gray_is_the_luma()
    {
        byte[] pixels = Pixels(_ml.Transforms.LoadPixels("Pixels", 1, 1, options: new() { Colors = PixelColors.Gray }), Rows(Picture("a.png", 3, 3, new SKColor(100, 50, 200))));
        Assert.Equal([(299 * 100 + 587 * 50 + 114 * 200 + 500) / 1000], pixels);
    }

    [Fact]
    public void A_large_JPEG_is_decoded_small_and_looks_the_same()
    {
        using var bitmap = new SKBitmap(1600, 1200);
        for (int y = 0; y < 1200; y++)
            for (int x = 0; x < 1600; x++) bitmap.SetPixel(x, y, new SKColor((byte)(x * 255 / 1600), (byte)(y * 255 / 1200), 77));
        byte[] ofPng = Pixels(_ml.Transforms.LoadPixels("Pixels", 24, 32), Rows(Save("a.png", bitmap)));
        byte[] ofJpeg = Pixels(_ml.Transforms.LoadPixels("Pixels", 24, 32), Rows(Save("a.jpg", bitmap)));
        Assert.All(ofPng.Zip(ofJpeg), pair => Assert.InRange(pair.First - pair.Second, -6, 6));
    }

    [Fact]
    public void A_missing_file_a_damaged_one_and_a_text_are_named()
    {
        string missing = Path.Combine(_folder.Path, "missing.png"), cut = _folder.File("cut.png", File.ReadAllBytes(Noise("a.png", 40, 60))[..900]), text = _folder.File("text.jpg", "hello");
        Assert.Equal($"'{missing}' cannot be read as an image: the file does not exist", Assert.Throws<FileNotFoundException>(() => Read(missing)).Message);
        Assert.Equal($"'{cut}' cannot be read as an image: the file ends early", Assert.Throws<InvalidDataException>(() => Read(cut)).Message);
        Assert.Equal($"'{text}' cannot be read as an image: it is text, not an image", Assert.Throws<InvalidDataException>(() => Read(text)).Message);
        Assert.Equal("Column 'ImagePath', row 0: the path is empty.", Assert.Throws<InvalidDataException>(() => Read("")).Message);
    }

    [Fact]
    public void More_pixels_than_the_limit_are_refused()
    {
        string file = Picture("a.png", 30, 20, SKColors.Red);
        var error = Assert.Throws<InvalidDataException>(() => Pixels(_ml.Transforms.LoadPixels("Pixels", 2, 2, options: new() { MaximumPixels = 599 }), Rows(file)));
        Assert.Equal($"'{file}' cannot be read as an image: an image of 30×20 pixels is larger than the limit of 599 pixels", error.Message);
        Assert.Equal(12, Pixels(_ml.Transforms.LoadPixels("Pixels", 2, 2, options: new() { MaximumPixels = 600 }), Rows(file)).Length);
    }

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadPixels("Pixels", 2, 2, options: new() { MaximumPixels = 0, Fit = (PixelFit)9 }));
        Assert.Equal("PixelLoadingOptions: Fit is 9, expected Crop, Pad, Stretch; MaximumPixels is 0, expected 1 to 500000000.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadPixels("Pixels", 0, 2));
    }

    // The files have the same pixels and differ in their orientation alone.
    [Theory]
    [InlineData(2, 0, -1, 1, 0)]
    [InlineData(3, -1, -1, 1, 0)]
    [InlineData(4, -1, 0, 1, 0)]
    [InlineData(5, 0, 0, 0, 1)]
    [InlineData(6, -1, 0, 0, 1)]
    [InlineData(7, -1, -1, 0, 1)]
    [InlineData(8, 0, -1, 0, 1)]
    public void A_photo_is_turned_upright(int orientation, int fromBottom, int fromRight, int alongRow, int alongColumn)
    {
        const int height = 48, width = 96;
        byte[] stored = Pixels(_ml.Transforms.LoadPixels("Pixels", height, width), Rows(Turned(1)));
        (int h, int w) = alongColumn == 0 ? (height, width) : (width, height);
        byte[] upright = Pixels(_ml.Transforms.LoadPixels("Pixels", h, w), Rows(Turned(orientation)));
        for (int i = 0; i < 3 * h * w; i++)
        {
            (int c, int y, int x) = (i / (h * w), i / w % h, i % w);
            (int row, int column) = (alongRow * y + alongColumn * x, alongRow * x + alongColumn * y);
            Assert.Equal(stored[c * height * width + (fromBottom < 0 ? height - 1 - row : row) * width + (fromRight < 0 ? width - 1 - column : column)], upright[i]);
        }
    }

    [Fact]
    public void A_photo_is_left_as_it_lies_where_the_options_say_so() => Assert.Equal(
        Pixels(_ml.Transforms.LoadPixels("Pixels", 48, 96), Rows(Turned(1))),
        Pixels(_ml.Transforms.LoadPixels("Pixels", 48, 96, options: new() { Upright = false }), Rows(Turned(6))));

    private static string Turned(int orientation) => Path.Combine(AppContext.BaseDirectory, "Transforms", "Images", $"turn{orientation}.jpg");

    private byte[] Read(string file) => Pixels(_ml.Transforms.LoadPixels("Pixels", 20, 30), Rows(file));

    private static byte[] Pixels(IEstimator<ITransformer> estimator, IDataView rows) => estimator.Fit(rows).Transform(rows).GetColumn<byte[]>("Pixels").First();

    private IDataView Rows(params string[] files) => _ml.Data.LoadFromEnumerable(files.Select(file => new LabelledImage { ImagePath = file, Label = "a" }).ToList());

    private string Picture(string name, int width, int height, SKColor colour)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(colour);
        return Save(name, bitmap);
    }

    private string Noise(string name, int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        var random = new Random(1);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        return Save(name, bitmap);
    }

    private string Save(string name, SKBitmap bitmap)
    {
        using SKData data = bitmap.Encode(Path.GetExtension(name) == ".jpg" ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Png, 95);
        return _folder.File(name, data.ToArray());
    }

    private sealed class InMemory
    {
        public byte[] File { get; set; } = [];

        [AnySizeImage]
        public MLImage? Image { get; set; }
    }

    private sealed class WithNumber
    {
        public string ImagePath { get; set; } = "";

        public float Number { get; set; }
    }

    private sealed class OnlyNumber
    {
        public float Number { get; set; }
    }

    private sealed class Loaded
    {
        public byte[] Pixels { get; set; } = [];
    }
}
