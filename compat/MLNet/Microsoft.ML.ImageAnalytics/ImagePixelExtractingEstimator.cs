using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Takes the pixels of images of known size into vectors.</summary>
public sealed class ImagePixelExtractingEstimator : TrivialEstimator<ImagePixelExtractingTransformer>
{
    /// <summary>Colours; saved in model files.</summary>
    [Flags]
    public enum ColorBits : byte
    {
        Alpha = 1,
        Red = 2,
        Green = 4,
        Blue = 8,
        Rgb = Red | Green | Blue,
        All = Alpha | Red | Green | Blue,
    }

    /// <summary>Order of colours; saved in model files.</summary>
    public enum ColorsOrder : byte
    {
        ARGB = 1,
        ARBG = 2,
        ABRG = 3,
        ABGR = 4,
        AGRB = 5,
        AGBR = 6,
    }

    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly ColorBits ColorsToExtract;
        public readonly ColorsOrder OrderOfExtraction;
        public readonly float OffsetImage;
        public readonly float ScaleImage;
        public readonly bool InterleavePixelColors;
        public readonly bool OutputAsFloatArray;
        public readonly int Planes;

        public ColumnOptions(string name, string inputColumnName, ColorBits colorsToExtract, ColorsOrder orderOfExtraction,
            bool interleavePixelColors, float offsetImage, float scaleImage, bool outputAsFloatArray)
        {
            Contracts.CheckNonWhiteSpace(name, nameof(name));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ColorsToExtract = colorsToExtract;
            OrderOfExtraction = orderOfExtraction;
            Planes = ColorPlanes.Count(colorsToExtract);
            Contracts.CheckParam(Planes > 0, nameof(colorsToExtract), "Need to use at least one color plane.");
            InterleavePixelColors = interleavePixelColors;
            OutputAsFloatArray = outputAsFloatArray;
            OffsetImage = outputAsFloatArray ? offsetImage : 0;
            ScaleImage = outputAsFloatArray ? scaleImage : 1;
            Contracts.CheckParam(float.IsFinite(OffsetImage), nameof(offsetImage));
            Contracts.CheckParam(float.IsFinite(ScaleImage) && ScaleImage != 0, nameof(scaleImage));
        }

        public NumberDataViewType ItemType => OutputAsFloatArray ? NumberDataViewType.Single : NumberDataViewType.Byte;

        public VectorDataViewType TypeFor(ImageDataViewType image) => InterleavePixelColors
            ? new VectorDataViewType(ItemType, image.Height, image.Width, Planes)
            : new VectorDataViewType(ItemType, Planes, image.Height, image.Width);
    }

    internal ImagePixelExtractingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImagePixelExtractingEstimator)), new ImagePixelExtractingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions column in Transformer.Columns)
        {
            ImageColumns.RequireImage(Host, inputSchema, column.InputColumnName);
            result[column.Name] = new SchemaShape.Column(column.Name, SchemaShape.Column.VectorKind.Vector, column.ItemType, false);
        }
        return new SchemaShape(result.Values);
    }
}
