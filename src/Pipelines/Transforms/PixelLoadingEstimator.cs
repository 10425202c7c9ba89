using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace CnnTrainers.Pipelines;

/// <summary>Makes pixels out of images; made by <see cref="PixelLoadingCatalog.LoadPixels"/>. It learns nothing.</summary>
public sealed class PixelLoadingEstimator : IEstimator<PixelLoadingTransformer>
{
    private readonly IHostEnvironment _env;
    private readonly PixelLoading _loading;

    internal PixelLoadingEstimator(IHostEnvironment env, PixelLoading loading) => (_env, _loading) = (env, loading);

    /// <summary>The columns after it: those that come in, and the pixels.</summary>
    /// <param name="inputSchema">The columns before.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or is no text, bytes or images.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Check(inputSchema, _loading.InputColumn);
        var columns = inputSchema.ToDictionary(column => column.Name);
        columns[_loading.OutputColumn] = MLNetInternals.Column(_loading.OutputColumn, VectorKind.Vector, NumberDataViewType.Byte);
        return new SchemaShape(columns.Values);
    }

    /// <summary>Checks the columns; no image is read.</summary>
    /// <param name="input">Rows with the input column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or is no text, bytes or images.</exception>
    public PixelLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Check(MLNetInternals.ShapeOf(input.Schema), _loading.InputColumn);
        return new PixelLoadingTransformer(_env, _loading);
    }

    internal static void Check(SchemaShape schema, string name)
    {
        SchemaShape.Column[] found = [.. schema.Where(column => column.Name == name)];
        if (found is not [var column]) throw new ArgumentOutOfRangeException("inputSchema", $"Could not find input column '{name}'");
        bool fits = column.Kind == VectorKind.Scalar
            ? column.ItemType is TextDataViewType or ImageDataViewType
            : !column.IsKey && column.ItemType.Equals(NumberDataViewType.Byte);
        if (!fits)
            throw new ArgumentOutOfRangeException("inputSchema",
                $"Schema mismatch for input column '{name}': expected String, Vector<Byte> or Image, got {(column.Kind == VectorKind.Scalar ? $"{column.ItemType}" : $"Vector<{column.ItemType}>")}");
    }
}
