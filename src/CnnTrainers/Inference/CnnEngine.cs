using CnnTrainers.Inference;

namespace CnnTrainers;

/// <summary>What scores with a network.</summary>
public sealed class CnnEngine
{
    private readonly Func<bool> _isThere;

    private CnnEngine(string name, Func<bool> isThere) => (Name, _isThere) = (name, isThere);

    /// <summary>The engine's name: <c>libtorch</c>, <c>onnxruntime</c>.</summary>
    public string Name { get; }

    /// <summary>Whether this process can use it: whether its native library is there.</summary>
    public bool IsThere => _isThere();

    /// <summary>libtorch, with the library's own kernels where they are there. It trains too, and takes half a gigabyte. Package TorchSharp-cpu.</summary>
    public static CnnEngine LibTorch { get; } = new("libtorch", () => Kernels.LibTorch.IsThere);

    /// <summary>ONNX Runtime, which scores only, in float32, and takes about 20 MB. Package Microsoft.ML.OnnxRuntime.</summary>
    public static CnnEngine OnnxRuntime { get; } = new("onnxruntime", () => OnnxEngine.IsThere);

    /// <summary>Every engine there is.</summary>
    public static IReadOnlyList<CnnEngine> All { get; } = [LibTorch, OnnxRuntime];

    /// <summary>The engine with a name.</summary>
    /// <param name="name">One of the names in <see cref="All"/>, in any case.</param>
    /// <exception cref="ArgumentException">There is no such engine; the message lists those there are.</exception>
    public static CnnEngine Get(string name) => NamedInstances.Get(All, engine => engine.Name, name, "engine");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
