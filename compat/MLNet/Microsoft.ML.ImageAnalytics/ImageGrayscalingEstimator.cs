using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes images gray: red, green and blue all become the brightness.</summary>
public sealed class ImageGrayscalingEstimator : TrivialEstimator<ImageGrayscalingTransformer>
{
    internal ImageGrayscalingEstimator(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageGrayscalingEstimator)), new ImageGrayscalingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach ((string outputName, string inputName) in Transformer.Columns)
        {
            SchemaShape.Column column = ImageColumns.RequireImage(Host, inputSchema, inputName);
            result[outputName] = new SchemaShape.Column(outputName, column.Kind, column.ItemType, column.IsKey, column.Annotations);
        }
        return new SchemaShape(result.Values);
    }
}
