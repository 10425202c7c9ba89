using System;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Makes a member of type <see cref="MLImage"/> a column of images, of the given size or of any.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    private readonly int _height;
    private readonly int _width;

    public ImageTypeAttribute()
    {
    }

    public ImageTypeAttribute(int height, int width)
    {
        _height = height;
        _width = width;
    }

    public override bool Equals(DataViewTypeAttribute other) =>
        other is ImageTypeAttribute image && image._height == _height && image._width == _width;

    public override int GetHashCode() => HashCode.Combine(_height, _width);

    public override void Register() => DataViewTypeManager.Register(ImageDataViewType.OfSize(_height, _width), typeof(MLImage), this);
}
