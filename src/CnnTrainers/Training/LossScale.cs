using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// The factor of losses in float16, whose small gradients would be zero: as high as it can be without infinite ones (Micikevicius et al.,
/// arXiv:1710.03740). It is found by trying, on the card; a step whose gradients were too much is left out there, and nobody waits to know.
/// </summary>
internal sealed class LossScale : IDisposable
{
    private const float First = 65536;
    private const long DoubledAfter = 2000; // steps

    private readonly Tensor _scale, _stepsSince;

    /// <summary>Begins with the highest usual factor.</summary>
    public LossScale(ComputeDevice device)
    {
        _scale = device.Of([First]).DetachFromDisposeScope();
        _stepsSince = device.Zeros([1], ScalarType.Int32).DetachFromDisposeScope();
        NotFinite = device.Zeros([1]).DetachFromDisposeScope();
    }

    /// <summary>Not 0 where the step's gradients are not finite.</summary>
    public Tensor NotFinite { get; }

    /// <summary>What a checkpoint holds of it.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => [("scale", _scale), ("steps", _stepsSince)];

    /// <summary>A loss as its gradients are computed from.</summary>
    public Tensor Apply(Tensor loss) => loss * _scale.squeeze();

    /// <summary>Takes the factor out of a step's gradients.</summary>
    public void Unscale(IReadOnlyList<Tensor> gradients)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        NotFinite.zero_();
        Operators.Unscale(gradients, NotFinite, _scale.reciprocal());
    }

    /// <summary>Adapts the factor, after the step.</summary>
    public void Update() => Operators.UpdateScale(_scale, _stepsSince, NotFinite, DoubledAfter);

    /// <inheritdoc/>
    public void Dispose()
    {
        _scale.Dispose();
        _stepsSince.Dispose();
        NotFinite.Dispose();
    }
}
