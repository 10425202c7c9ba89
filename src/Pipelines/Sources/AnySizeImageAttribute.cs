using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace CnnTrainers.Pipelines;

/// <summary>
/// Makes a member of type <see cref="MLImage"/> an image column whose size is known only when a row is read. ML.NET's own attribute is
/// meant to do so where it is given no size, but then throws: "Must be positive. (Parameter 'height')".
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class AnySizeImageAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is AnySizeImageAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(AnySizeImageAttribute).GetHashCode();
}
