using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Pipelines;

/// <summary>
/// Adds pixels to rows with images, read while a cursor moves over them; on many threads where many cursors do. Made by
/// <see cref="PixelLoadingEstimator"/>, or by <c>mlContext.Model.Load</c>.
/// </summary>
public sealed class PixelLoadingTransformer : ITransformer
{
    private readonly IHost _host;
    private readonly PixelLoading _loading;

    internal PixelLoadingTransformer(IHostEnvironment env, PixelLoading loading) => (_host, _loading) = (env.Register(nameof(PixelLoadingTransformer)), loading);

    /// <summary>How images become pixels.</summary>
    public PixelLoadingOptions Options => _loading.Options;

    /// <summary>Height of the pixels.</summary>
    public int Height => _loading.Height;

    /// <summary>Width of the pixels.</summary>
    public int Width => _loading.Width;

    /// <summary>The column with the images.</summary>
    public string InputColumnName => _loading.InputColumn;

    /// <summary>The column with the pixels.</summary>
    public string OutputColumnName => _loading.OutputColumn;

    /// <summary>Always true: every row is read by itself.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema of <see cref="Transform"/>'s result.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or is no text, bytes or images.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new PixelLoadingMap(_loading, inputSchema).OutputSchema;

    /// <summary>Adds the pixels to rows. No image is read before its row is.</summary>
    /// <param name="input">The rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or is no text, bytes or images.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new PixelLoadingView(_host, input, new PixelLoadingMap(_loading, input.Schema));
    }

    /// <summary>A mapper of single rows, for prediction engines.</summary>
    /// <param name="inputSchema">The schema of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or is no text, bytes or images.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => new PixelLoadingMap(_loading, inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => MLNetInternals.Save(ctx, SavedComponent.Layout, (SavedComponent.DescriptionName, _loading.Write));
}
