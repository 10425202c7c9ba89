using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Data;

/// <summary>Reads files whose paths a text column holds: as images, or as their bytes.</summary>
public sealed class ImageLoadingEstimator : TrivialEstimator<ImageLoadingTransformer>
{
    internal ImageLoadingEstimator(IHostEnvironment env, string imageFolder, bool useImageType, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageLoadingEstimator)),
            new ImageLoadingTransformer(env, imageFolder, useImageType, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach ((string outputName, string inputName) in Transformer.Columns)
        {
            SchemaShape.Column column = ImageColumns.Require(Host, inputSchema, inputName);
            if (column.ItemType is not TextDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", inputName, TextDataViewType.Instance.ToString(), column.GetTypeString());
            result[outputName] = Transformer.UseImageType
                ? new SchemaShape.Column(outputName, SchemaShape.Column.VectorKind.Scalar, new ImageDataViewType(), false)
                : new SchemaShape.Column(outputName, SchemaShape.Column.VectorKind.VariableVector, NumberDataViewType.Byte, false);
        }
        return new SchemaShape(result.Values);
    }
}
