using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>Kernel, stride, padding and dilation of a pool; null as libtorch's default.</summary>
internal sealed record PoolShape(long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, bool Ceil);

public sealed class MaxPool1d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;

    internal MaxPool1d(PoolShape shape) : base(nameof(MaxPool1d)) => _shape = shape;

    public override Tensor forward(Tensor tensor) =>
        functional.max_pool1d(tensor, _shape.Kernel[0], _shape.Stride?[0], _shape.Padding?[0], _shape.Dilation?[0], _shape.Ceil);

    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor tensor) =>
        functional.max_pool1d_with_indices(tensor, _shape.Kernel[0], _shape.Stride?[0], _shape.Padding?[0], _shape.Dilation?[0], _shape.Ceil);
}

public sealed class MaxPool2d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;

    internal MaxPool2d(PoolShape shape) : base(nameof(MaxPool2d)) => _shape = shape;

    internal PoolShape Shape => _shape;

    /// <summary>Whether windows have no gaps and outputs for parts of windows are left out.</summary>
    internal bool IsPlain => !_shape.Ceil && (_shape.Dilation is null || _shape.Dilation.All(d => d == 1));

    public override Tensor forward(Tensor tensor) =>
        functional.max_pool2d(tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Dilation, _shape.Ceil);

    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor tensor) =>
        functional.max_pool2d_with_indices(tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Dilation, _shape.Ceil);
}

public sealed class MaxPool3d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;

    internal MaxPool3d(PoolShape shape) : base(nameof(MaxPool3d)) => _shape = shape;

    public override Tensor forward(Tensor tensor) =>
        functional.max_pool3d(tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Dilation, _shape.Ceil);

    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor tensor) =>
        functional.max_pool3d_with_indices(tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Dilation, _shape.Ceil);
}

public sealed class AvgPool1d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;
    private readonly bool _countIncludePad;

    internal AvgPool1d(PoolShape shape, bool countIncludePad) : base(nameof(AvgPool1d)) =>
        (_shape, _countIncludePad) = (shape, countIncludePad);

    public override Tensor forward(Tensor tensor) =>
        functional.avg_pool1d(tensor, _shape.Kernel[0], _shape.Stride?[0], _shape.Padding?[0], _shape.Ceil, _countIncludePad);
}

public sealed class AvgPool2d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;
    private readonly bool _countIncludePad;
    private readonly long? _divisor;

    internal AvgPool2d(PoolShape shape, bool countIncludePad, long? divisor) : base(nameof(AvgPool2d)) =>
        (_shape, _countIncludePad, _divisor) = (shape, countIncludePad, divisor);

    public override Tensor forward(Tensor tensor) =>
        functional.AvgPool("aten::avg_pool2d", tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Ceil, _countIncludePad, _divisor);
}

public sealed class AvgPool3d : Module<Tensor, Tensor>
{
    private readonly PoolShape _shape;
    private readonly bool _countIncludePad;
    private readonly long? _divisor;

    internal AvgPool3d(PoolShape shape, bool countIncludePad, long? divisor) : base(nameof(AvgPool3d)) =>
        (_shape, _countIncludePad, _divisor) = (shape, countIncludePad, divisor);

    public override Tensor forward(Tensor tensor) =>
        functional.AvgPool("aten::avg_pool3d", tensor, _shape.Kernel, _shape.Stride, _shape.Padding, _shape.Ceil, _countIncludePad, _divisor);
}
