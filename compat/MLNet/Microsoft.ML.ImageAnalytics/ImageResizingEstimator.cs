using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Resizes images.</summary>
public sealed class ImageResizingEstimator : TrivialEstimator<ImageResizingTransformer>
{
    /// <summary>What happens to the proportions.</summary>
    public enum ResizingKind : byte
    {
        IsoPad = 0,
        IsoCrop = 1,
        Fill = 2,
    }

    /// <summary>The side that <see cref="ResizingKind.IsoCrop"/> keeps.</summary>
    public enum Anchor : byte
    {
        Right = 0,
        Left = 1,
        Top = 2,
        Bottom = 3,
        Center = 4,
    }

    internal sealed class ColumnOptions
    {
        public readonly string Name;
        public readonly string InputColumnName;
        public readonly int ImageWidth;
        public readonly int ImageHeight;
        public readonly ResizingKind Resizing;
        public readonly Anchor Anchor;
        public readonly ImageDataViewType Type;

        public ColumnOptions(string name, int imageWidth, int imageHeight, string inputColumnName, ResizingKind resizing, Anchor anchor)
        {
            Contracts.CheckNonEmpty(name, nameof(name));
            Contracts.CheckUserArg(imageWidth > 0, nameof(imageWidth));
            Contracts.CheckUserArg(imageHeight > 0, nameof(imageHeight));
            Contracts.CheckUserArg(Enum.IsDefined(resizing), nameof(resizing));
            Contracts.CheckUserArg(Enum.IsDefined(anchor), nameof(anchor));
            Name = name;
            InputColumnName = inputColumnName ?? name;
            ImageWidth = imageWidth;
            ImageHeight = imageHeight;
            Resizing = resizing;
            Anchor = anchor;
            Type = new ImageDataViewType(imageHeight, imageWidth);
        }
    }

    internal ImageResizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(ImageResizingEstimator)), new ImageResizingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(column => column.Name);
        foreach (ColumnOptions column in Transformer.Columns)
        {
            ImageColumns.RequireImage(Host, inputSchema, column.InputColumnName);
            result[column.Name] = new SchemaShape.Column(column.Name, SchemaShape.Column.VectorKind.Scalar, column.Type, false);
        }
        return new SchemaShape(result.Values);
    }
}
