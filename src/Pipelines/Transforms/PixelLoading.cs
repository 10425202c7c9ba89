using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;

namespace CnnTrainers.Pipelines;

/// <summary>All that an estimator or transformer of pixels is.</summary>
internal sealed record PixelLoading
{
    private const int MostSide = 16384;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    [JsonConstructor]
    public PixelLoading(string outputColumn, string inputColumn, int height, int width, string? imageFolder, PixelLoadingOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumn);
        ArgumentException.ThrowIfNullOrEmpty(inputColumn);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MostSide);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MostSide);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (OutputColumn, InputColumn, Height, Width, ImageFolder, Options) = (outputColumn, inputColumn, height, width, imageFolder, options);
    }

    public string OutputColumn { get; }

    public string InputColumn { get; }

    public int Height { get; }

    public int Width { get; }

    public string? ImageFolder { get; }

    public PixelLoadingOptions Options { get; }

    [JsonIgnore]
    public int Channels => Options.Colors switch { PixelColors.Gray => 1, PixelColors.Rgba => 4, _ => 3 };

    [JsonIgnore]
    public VectorDataViewType Type => new(NumberDataViewType.Byte, Channels, Height, Width);

    public string PathOf(string image) => ImageFolder is null ? image : Path.Combine(ImageFolder, image);

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, _json);

    /// <exception cref="InvalidDataException">It is no such description.</exception>
    public static PixelLoading Read(Stream stream)
    {
        try
        {
            return JsonSerializer.Deserialize<PixelLoading>(stream, _json) ?? throw new InvalidDataException("The description of the pixels in the model file is empty.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The description of the pixels in the model file is damaged: {e.Message}", e);
        }
    }
}
