using System.Reflection;

namespace CnnTrainers.Architectures;

/// <summary>The one list of architectures: the static properties of every family, in the order they are written.</summary>
internal static class Registry
{
    /// <summary>Every known architecture.</summary>
    public static IReadOnlyList<CnnArchitecture> All { get; } =
    [
        .. Variants<LeNetVariant>(),
        .. Variants<AlexNetVariant>(),
        .. Variants<VggVariant>(),
        .. Variants<NinVariant>(),
        .. Variants<GoogLeNetVariant>(),
        .. Variants<InceptionV3Variant>(),
        .. Variants<ResNetVariant>(),
        .. Variants<InceptionResNetV2Variant>(),
        .. Variants<DenseNetVariant>(),
        .. Variants<SqueezeNetVariant>(),
        .. Variants<MobileNetV2Variant>(),
        .. Variants<MobileNetV3Variant>(),
        .. Variants<ShuffleNetV2Variant>(),
        .. Variants<MnasNetVariant>(),
    ];

    private static IEnumerable<CnnArchitecture> Variants<T>() where T : CnnArchitecture =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(property => property.PropertyType == typeof(T))
            .Select(property => (CnnArchitecture)property.GetValue(null)!);
}
