namespace CnnTrainers;

/// <summary>The numbers that convolutions and matrix products of a training step, or of scoring, are computed in. Weights, norms' statistics and losses stay float32.</summary>
public sealed class CnnPrecision
{
    private CnnPrecision(string name) => Name = name;

    /// <summary>The precision's name: <c>float32</c>, <c>bfloat16</c>, <c>float16</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether this machine's processor gains by it. For <see cref="BFloat16"/>: it has instructions for it, and libtorch
    /// offers it on this system. <see cref="Float16"/> is for cards.
    /// </summary>
    public bool IsFast => this == Float32 || (this == BFloat16 && Training.MixedPrecision.IsAvailable && Training.MixedPrecision.ProcessorHasBFloat16);

    /// <summary>32-bit floating point throughout.</summary>
    public static CnnPrecision Float32 { get; } = new("float32");

    /// <summary>
    /// Mixed: 16 bits with float32's range and three digits (bfloat16) between the layers, which halves the memory and, on processors with
    /// instructions for it (AVX512_BF16, AMX), doubles the speed at images of about 100 pixels and more. Slow on all others.
    /// </summary>
    public static CnnPrecision BFloat16 { get; } = new("bfloat16");

    /// <summary>
    /// Mixed, on NVIDIA cards alone: 16 bits with three to four digits and a small range (float16) between the layers, for cards older than those
    /// with bfloat16 (compute capability 7.0 to 7.5). The loss is scaled up before the gradients are computed, and steps in which that was too
    /// much are left out.
    /// </summary>
    public static CnnPrecision Float16 { get; } = new("float16");

    /// <summary>Every precision there is.</summary>
    public static IReadOnlyList<CnnPrecision> All { get; } = [Float32, BFloat16, Float16];

    /// <summary>The precision with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such precision; the message lists those there are.</exception>
    public static CnnPrecision Get(string name) => NamedInstances.Get(All, precision => precision.Name, name, "precision");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
