using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using ColorBits = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorBits;
using ColorsOrder = Microsoft.ML.Transforms.Image.ImagePixelExtractingEstimator.ColorsOrder;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes images of vectors of pixels.</summary>
public sealed class VectorToImageConvertingEstimator : TrivialEstimator<VectorToImageConvertingTransformer>
{
    /// <summary>What a vector holds, and what the colours that it lacks become: alpha, red, green and blue.</summary>
    internal readonly record struct DefaultColors(int Alpha, int Red, int Green, int Blue);

    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ColorBits Colors;
        public readonly ColorsOrder Order;
        public readonly bool InterleavedColors;
        public readonly int ImageWidth;
        public readonly int ImageHeight;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly DefaultColors Defaults;
        public readonly int Planes;
        public readonly ImageDataViewType Type;

        public ColumnOptions(string name, int imageHeight, int imageWidth, string inputColumnName, ColorBits colorsPresent, ColorsOrder orderOfColors,
            bool interleavedColors, float scaleImage, float offsetImage, DefaultColors defaults)
        {
            Contracts.CheckNonWhiteSpace(name, nameof(name));
            Planes = ColorPlanes.Count(colorsPresent);
            Contracts.CheckParam(Planes > 0, nameof(colorsPresent), "Need to use at least one color plane");
            Contracts.CheckParam(imageWidth > 0, nameof(imageWidth), "Image width must be greater than zero");
            Contracts.CheckParam(imageHeight > 0, nameof(imageHeight), "Image height must be greater than zero");
            Contracts.CheckParam(float.IsFinite(offsetImage), nameof(offsetImage));
            Contracts.CheckParam(float.IsFinite(scaleImage) && scaleImage != 0, nameof(scaleImage));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            Colors = colorsPresent;
            Order = orderOfColors;
            InterleavedColors = interleavedColors;
            ImageWidth = imageWidth;
            ImageHeight = imageHeight;
            OffsetImage = offsetImage;
            ScaleImage = scaleImage;
            Defaults = defaults;
            Type = new ImageDataViewType(imageHeight, imageWidth);
        }
    }

    internal VectorToImageConvertingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(VectorToImageConvertingEstimator)), new VectorToImageConvertingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions options in Transformer.Columns)
        {
            SchemaShape.Column column = ImageColumns.Require(Host, inputSchema, options.InputColumnName);
            if (column.Kind != SchemaShape.Column.VectorKind.Vector || !VectorToImageConvertingTransformer.IsSupported(column.ItemType))
                throw Host.ExceptSchemaMismatch(nameof(inputSchema), "input", options.InputColumnName,
                    "known-size vector of type Single, Double or Byte", column.GetTypeString());
            result[options.Name] = new SchemaShape.Column(options.Name, SchemaShape.Column.VectorKind.Scalar, options.Type, false);
        }
        return new SchemaShape(result.Values);
    }
}
