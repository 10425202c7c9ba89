using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>What the image transformers' checks of columns share.</summary>
internal static class ImageColumns
{
    /// <summary>The input column of an estimator, which has to be of images.</summary>
    internal static SchemaShape.Column RequireImage(IHost host, SchemaShape inputSchema, string name)
    {
        SchemaShape.Column column = Require(host, inputSchema, name);
        if (column.ItemType is not ImageDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, new ImageDataViewType().ToString(), column.GetTypeString());
        return column;
    }

    internal static SchemaShape.Column Require(IHost host, SchemaShape inputSchema, string name)
    {
        host.CheckValue(inputSchema, nameof(inputSchema));
        return inputSchema.TryFindColumn(name, out SchemaShape.Column column)
            ? column
            : throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
    }

    /// <summary>The input column of a transformer, which has to be of images.</summary>
    internal static ImageDataViewType RequireImage(IHost host, DataViewSchema inputSchema, int column, string name) =>
        inputSchema[column].Type as ImageDataViewType
        ?? throw host.ExceptSchemaMismatch(nameof(inputSchema), "input", name, "image", inputSchema[column].Type.ToString());
}
