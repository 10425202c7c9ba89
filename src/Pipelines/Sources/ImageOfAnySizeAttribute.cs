using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Pipelines;

/// <summary>Makes an <see cref="MLImage"/> member a column of images whose size each row tells; ML.NET's own attribute wants one size for all.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ImageOfAnySizeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is ImageOfAnySizeAttribute;
}
