using System.Collections.Concurrent;
using CnnTrainers.Estimators;
using CnnTrainers.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;

namespace CnnTrainers.Cli.Serving;

/// <summary>The steps of a model before its network, for images that come as bytes, one by one, on any number of threads.</summary>
internal sealed class ImageIntake : IDisposable
{
    private readonly MLContext _ml;
    private readonly ITransformer _front;
    private readonly ImageFormat _format;
    private readonly string _feature;
    private readonly string? _bytesColumn; // what LoadPixels reads; null where an older step wants a path
    private readonly ConcurrentBag<Lane> _lanes = [];

    /// <summary>Takes the steps.</summary>
    /// <exception cref="CliException">They do not begin with image files.</exception>
    public ImageIntake(MLContext ml, IReadOnlyList<ITransformer> front, CnnTransformer network, DataViewSchema schema, string path)
    {
        (_ml, _front, _format, _feature) = (ml, new TransformerChain<ITransformer>([.. front]), network.Model.Format, network.FeatureColumnName);
        PixelLoadingTransformer[] loading = [.. front.OfType<PixelLoadingTransformer>()];
        _bytesColumn = loading is [var one] ? one.InputColumnName : null;
        if (_bytesColumn is null && schema.GetColumnOrNull(nameof(LabelledImage.ImagePath)) is null)
            throw new CliException($"'{path}' does not begin with image files (LoadPixels, or a column {nameof(LabelledImage.ImagePath)}), so that it cannot be served.");
        _lanes.Add(new Lane(this)); // a model of other columns fails here
    }

    /// <summary>The network's input, channels × height × width.</summary>
    /// <param name="file">An image file.</param>
    /// <param name="planes">Gets the raw values.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Read(byte[] file, int length, Span<float> planes)
    {
        if (!_lanes.TryTake(out Lane? lane)) lane = new Lane(this);
        try
        {
            lane.Read(new VBuffer<byte>(length, file), planes);
        }
        finally
        {
            _lanes.Add(lane);
        }
    }

    /// <summary>Sees what the bytes are before anything is decoded.</summary>
    /// <exception cref="RequestProblem">They are no image, or one of too many pixels.</exception>
    public static void Check(string name, byte[] file, int length, int mostPixels)
    {
        if (length == 0) throw RequestProblem.Bad($"{name} is empty; expected the bytes of an image file.");
        if (FileKind.OtherThanImage(file.AsSpan(0, length)) is { } other) throw RequestProblem.NoImage($"{name}: {other}.");
        using var stream = new MemoryStream(file, 0, length);
        using SKCodec? codec = SKCodec.Create(stream);
        if (codec?.Info is { } size && (long)size.Width * size.Height > mostPixels)
            throw RequestProblem.TooLarge(FormattableString.Invariant($"{name} has {size.Width}×{size.Height} pixels; at most {mostPixels} are taken."));
    }

    public void Dispose()
    {
        while (_lanes.TryTake(out Lane? lane)) lane.Dispose();
    }

    private sealed class FileRow
    {
        public VBuffer<byte> Image { get; set; }

        public string Label { get; set; } = "";
    }

    /// <summary>A row that stands for one image after another, with the memory that it takes to read them.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly FileRow _file = new();
        private readonly LabelledImage _path = new();
        private readonly DataViewRowCursor _input;
        private readonly DataViewRow _row;
        private readonly ImageReader _reader;
        private readonly bool _asFile;

        public Lane(ImageIntake intake)
        {
            _asFile = intake._bytesColumn is null;
            IDataView rows = _asFile ? intake._ml.Data.LoadFromEnumerable(Again(_path)) : intake._ml.Data.LoadFromEnumerable(Again(_file), Schema(intake._bytesColumn!));
            _input = rows.GetRowCursor(rows.Schema);
            IRowToRowMapper mapper = intake._front.GetRowToRowMapper(rows.Schema);
            DataViewSchema.Column feature = mapper.OutputSchema[intake._feature];
            _row = mapper.GetRow(_input, [feature]);
            _reader = ImageReader.Create(_row, feature, intake._format.Match(feature));
        }

        public void Read(VBuffer<byte> file, Span<float> planes)
        {
            using TemporaryFile? copy = _asFile ? new TemporaryFile(file.GetValues()) : null;
            if (copy is not null) _path.ImagePath = copy.Path;
            _file.Image = file;
            _input.MoveNext();
            if (!_reader.Read()) throw new InvalidDataException("it holds no image");
            _reader.CopyTo(planes);
            _file.Image = default;
        }

        public void Dispose() => _row.Dispose();

        private static SchemaDefinition Schema(string column)
        {
            SchemaDefinition schema = SchemaDefinition.Create(typeof(FileRow));
            schema[nameof(FileRow.Image)].ColumnName = column;
            return schema;
        }

        private static IEnumerable<T> Again<T>(T row)
        {
            while (true) yield return row;
        }
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(ReadOnlySpan<byte> bytes)
        {
            using FileStream file = File.Create(Path);
            file.Write(bytes);
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cnn-{Guid.NewGuid():N}");

        public void Dispose() => File.Delete(Path);
    }
}
