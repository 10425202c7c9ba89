using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace CnnTrainers.Estimators;

/// <summary>
/// The rules that a schema must keep to be trained on or scored. A shape of a schema (before a fit) and a schema (at a fit, at a
/// transform) go through the same ones; sizes, which shapes do not have, are checked where there is a schema.
/// </summary>
internal static class InputColumns
{
    /// <summary>Checks the feature column.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of a wrong type.</exception>
    public static void CheckFeature(SchemaShape schema, string name)
    {
        var column = Find(schema, name) ?? throw SchemaErrors.Missing("feature", name);
        var fits = column.Kind switch
        {
            VectorKind.Vector => !column.IsKey && (column.ItemType.Equals(NumberDataViewType.Single) || column.ItemType.Equals(NumberDataViewType.Byte)),
            VectorKind.Scalar => column.ItemType is ImageDataViewType,
            _ => false,
        };
        if (!fits)
            throw SchemaErrors.Mismatch("feature", name, "Vector<Single>, Vector<Byte> or Image", TypeText(column));
    }

    /// <summary>Checks the label column and gives it back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or no key.</exception>
    public static SchemaShape.Column CheckLabel(SchemaShape schema, string name)
    {
        var column = Find(schema, name) ?? throw SchemaErrors.Missing("label", name);
        return column is { IsKey: true, Kind: VectorKind.Scalar } ? column : throw SchemaErrors.Mismatch("label", name, "Key<UInt32>", TypeText(column));
    }

    /// <summary>The label column, the feature column and its format of a schema to train on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit.</exception>
    public static (DataViewSchema.Column Label, DataViewSchema.Column Feature, ImageFormat Format) ForTraining(DataViewSchema schema, CnnTrainerOptions options)
    {
        var shape = MLNetInternals.ShapeOf(schema);
        CheckFeature(shape, options.FeatureColumnName);
        CheckLabel(shape, options.LabelColumnName);
        var feature = schema[options.FeatureColumnName];
        return (schema[options.LabelColumnName], feature, ImageFormat.Resolve(feature, options.ImageShape));
    }

    /// <summary>The feature column and its format of a schema to score.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or does not fit the network.</exception>
    public static (DataViewSchema.Column Feature, ImageFormat Format) ForScoring(DataViewSchema schema, CnnModel model)
    {
        CheckFeature(MLNetInternals.ShapeOf(schema), model.FeatureColumnName);
        var feature = schema[model.FeatureColumnName];
        return (feature, model.Format.Match(feature));
    }

    private static SchemaShape.Column? Find(SchemaShape schema, string name)
    {
        foreach (var column in schema)
            if (column.Name == name)
                return column;
        return null;
    }

    private static string TypeText(SchemaShape.Column column)
    {
        var item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind switch
        {
            VectorKind.Vector => $"Vector<{item}>",
            VectorKind.VariableVector => $"VarVector<{item}>",
            _ => item,
        };
    }
}
