using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>What the convolutions of one, two and three dimensions share: weight, bias, and how they are first drawn.</summary>
public abstract class Convolution : Module<Tensor, Tensor>
{
    protected long input_channels;
    private protected readonly ConvolutionShape Shape;

    private protected Convolution(string name, ConvolutionShape shape, bool transposed, bool bias, Device device, ScalarType? dtype) : base(name)
    {
        shape.Check(name);
        Shape = shape;
        input_channels = shape.In;
        var (first, second) = transposed ? (shape.In, shape.Out) : (shape.Out, shape.In);
        long[] size = [first, second / shape.Groups, .. shape.Kernel];
        DefaultInit.WeightAndBias(this, size, bias ? shape.Out : null, device, dtype);
    }

    private protected Parameter Weight { get => OwnParameter("weight"); set => SetParameter("weight", value); }

    private protected Parameter Bias { get => OwnParameter("bias"); set => SetParameter("bias", value); }

    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var rank = input.dim();
        if (rank == dimensions + 2) return input.size(1) == input_channels;
        return rank == dimensions + 1 && input.size(0) == input_channels;
    }

    private protected Tensor Convolve(Tensor input, int dimensions, string op)
    {
        if (!ValidateShape(input, dimensions))
            throw new ArgumentException($"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input with {input_channels} channels to {name}.");
        if (Shape.Mode is PaddingModes.Zeros or PaddingModes.Constant) return Call(op, input, Shape.Same);
        using var padded = functional.pad(input, Shape.PadsAround(), Shape.Mode);
        return Call(op, padded, same: false, inner: true);
    }

    private Tensor Call(string op, Tensor input, bool same, bool inner = false) => same
        ? Op.Call(op + ".padding", input, Weight, Bias, Shape.Stride, "same", Shape.Dilation, Shape.Groups)
        : Op.Call(op, input, Weight, Bias, Shape.Stride, inner ? [0] : Shape.Padding, Shape.Dilation, Shape.Groups);

    private protected Tensor Deconvolve(Tensor input, string op) =>
        Op.Call(op, input, Weight, Bias, Shape.Stride, Shape.Padding, Shape.OutputPadding, Shape.Groups, Shape.Dilation);
}

/// <summary>The numbers of a convolution, each list as long as the kernel.</summary>
internal sealed record ConvolutionShape(long In, long Out, long[] Kernel, long[] Stride, long[] Padding, long[] Dilation, PaddingModes Mode, long Groups)
{
    /// <summary>Padding.Same: the output is as large as the input, the odd element going after.</summary>
    public bool Same { get; init; }

    public long[] OutputPadding { get; init; } = [0];

    public void Check(string name)
    {
        if (Groups < 1) throw new ArgumentException($"{name}: groups must be at least 1, got {Groups}.");
        if (In % Groups != 0) throw new ArgumentException($"{name}: in_channels ({In}) must be divisible by groups ({Groups}).");
        if (Out % Groups != 0) throw new ArgumentException($"{name}: out_channels ({Out}) must be divisible by groups ({Groups}).");
        if (Same && Stride.Any(s => s != 1)) throw new ArgumentException($"{name}: padding 'same' needs a stride of 1.");
    }

    /// <summary>The explicit padding that the modes other than zeros need, last dimension first.</summary>
    public long[] PadsAround()
    {
        var pads = new long[2 * Kernel.Length];
        for (var d = 0; d < Kernel.Length; d++)
        {
            var at = 2 * (Kernel.Length - 1 - d);
            var total = Same ? Dilation[d] * (Kernel[d] - 1) : 2 * Padding[d];
            pads[at] = total / 2;
            pads[at + 1] = total - total / 2;
        }
        return pads;
    }
}
