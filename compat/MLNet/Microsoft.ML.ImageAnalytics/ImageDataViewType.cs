using System;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>The type of a column of images, of one known size or of any.</summary>
public sealed class ImageDataViewType : StructuredDataViewType
{
    /// <summary>Rows of pixels; 0: unknown.</summary>
    public readonly int Height;

    /// <summary>Pixels in a row; 0: unknown.</summary>
    public readonly int Width;

    public ImageDataViewType(int height, int width) : base(typeof(MLImage))
    {
        Contracts.CheckParam(height > 0, nameof(height), "Must be positive.");
        Contracts.CheckParam(width > 0, nameof(width), "Must be positive.");
        Contracts.CheckParam((long)height * width <= int.MaxValue / 4, nameof(height), "height * width is too large");
        Height = height;
        Width = width;
    }

    public ImageDataViewType() : base(typeof(MLImage))
    {
    }

    /// <summary>The type as an attribute gives it, where 0 by 0 means unknown.</summary>
    internal static ImageDataViewType OfSize(int height, int width) =>
        height == 0 && width == 0 ? new ImageDataViewType() : new ImageDataViewType(height, width);

    public override bool Equals(DataViewType other) =>
        ReferenceEquals(other, this) || (other is ImageDataViewType type && type.Height == Height && type.Width == Width);

    public override int GetHashCode() => HashCode.Combine(Height, Width);

    public override string ToString() => Height == 0 && Width == 0 ? "Image" : $"Image<{Height}, {Width}>";
}
