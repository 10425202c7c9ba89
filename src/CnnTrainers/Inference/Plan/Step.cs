using CnnTrainers.Kernels;

namespace CnnTrainers.Inference.Plan;

/// <summary>One call of the native library, on results that lie where the layout says.</summary>
internal abstract unsafe class Step(Layer layer, Layout layout, bool bfloat16) : IDisposable
{
    /// <summary>What it computes.</summary>
    public Layer Layer { get; } = layer;

    protected int BFloat16 { get; } = bfloat16 ? 1 : 0;

    protected Layer X => Layer.Inputs[0];

    /// <summary>A step for a layer.</summary>
    public static Step Of(Layer layer, Layout layout, bool bfloat16) => layer switch
    {
        ConvolutionLayer convolution => new ConvolutionStep(convolution, layout, bfloat16),
        PoolLayer pool => new PoolStep(pool, layout, bfloat16),
        AffineLayer affine => new AffineStep(affine, layout, bfloat16),
        ProductLayer product => new ProductStep(product, layout, bfloat16),
        ShuffleLayer shuffle => new ShuffleStep(shuffle, layout, bfloat16),
        _ => throw new NotSupportedException(layer.GetType().Name),
    };

    /// <summary>Runs it.</summary>
    /// <param name="memory">Where the layout begins.</param>
    /// <param name="images">How many there are.</param>
    public abstract void Run(nint memory, long images);

    /// <summary>About how many numbers of weights it reads.</summary>
    public virtual long Weights => 0;

    /// <summary>Frees what it keeps.</summary>
    public virtual void Dispose() { }

    protected nint At(nint memory, Layer layer, long images) => memory + (nint)layout.PlaceOf(layer, images);

    private sealed class ConvolutionStep : Step
    {
        private readonly nint _convolution;

        public ConvolutionStep(ConvolutionLayer layer, Layout layout, bool bfloat16) : base(layer, layout, bfloat16)
        {
            var shape = new NativeScoring.Convolution
            {
                Height = X.Height, Width = X.Width, Inputs = X.Channels, OutHeight = layer.Height, OutWidth = layer.Width, Outputs = layer.Channels,
                KernelDown = layer.Kernel.Down, KernelAcross = layer.Kernel.Across, StrideDown = layer.Stride.Down, StrideAcross = layer.Stride.Across,
                PaddingDown = layer.Padding.Down, PaddingAcross = layer.Padding.Across, Groups = layer.Groups,
                Activation = (int)layer.Activation, Wide = layer.IsWide ? 1 : 0,
            };
            fixed (float* weights = layer.Weights, bias = layer.Bias, scale = layer.Before?.Scale, shift = layer.Before?.Shift)
                Native.Check(NativeScoring.cnn_score_convolution(shape, BFloat16, weights, bias, scale, shift, out _convolution));
        }

        public override void Run(nint memory, long images)
        {
            var added = Layer.Added;
            Native.Check(NativeScoring.cnn_score_convolve(
                _convolution, images, At(memory, X, images), Layout.PixelOf(X), added is null ? 0 : At(memory, added, images),
                added is null ? 0 : Layout.PixelOf(added), At(memory, Layer, images), Layout.PixelOf(Layer)));
        }

        // Those of Winograd's filtering are four times as many.
        public override long Weights => Layer is ConvolutionLayer { Kernel: (3, 3), Stride: (1, 1), Groups: 1 } three ? 4L * three.Weights.Length : ((ConvolutionLayer)Layer).Weights.Length;

        public override void Dispose() => NativeScoring.cnn_score_convolution_delete(_convolution);
    }

    private sealed class PoolStep(PoolLayer layer, Layout layout, bool bfloat16) : Step(layer, layout, bfloat16)
    {
        private readonly NativeScoring.Pool _pool = new()
        {
            Height = layer.Inputs[0].Height, Width = layer.Inputs[0].Width, Channels = layer.Channels, OutHeight = layer.Height, OutWidth = layer.Width,
            KernelDown = layer.Kernel.Down, KernelAcross = layer.Kernel.Across, StrideDown = layer.Stride.Down, StrideAcross = layer.Stride.Across,
            PaddingDown = layer.Padding.Down, PaddingAcross = layer.Padding.Across, Kind = layer.Kind,
        };

        private readonly (float[] Scale, float[] Shift)? _before = layer.Before;

        public override void Run(nint memory, long images)
        {
            fixed (float* scale = _before?.Scale, shift = _before?.Shift)
            {
                Native.Check(NativeScoring.cnn_score_pool(
                    _pool, BFloat16, images, At(memory, X, images), Layout.PixelOf(X), scale, shift, At(memory, Layer, images), Layout.PixelOf(Layer)));
            }
        }
    }

    private sealed class AffineStep(AffineLayer layer, Layout layout, bool bfloat16) : Step(layer, layout, bfloat16)
    {
        private readonly (float[] Scale, float[] Shift)? _affine = layer.Affine;

        public override void Run(nint memory, long images)
        {
            var added = Layer.Added;
            fixed (float* scale = _affine?.Scale, shift = _affine?.Shift)
            {
                Native.Check(NativeScoring.cnn_score_affine(
                    BFloat16, images * Layer.Pixels, Layer.Channels, At(memory, X, images), Layout.PixelOf(X), scale, shift,
                    added is null ? 0 : At(memory, added, images), added is null ? 0 : Layout.PixelOf(added), (int)Layer.Activation, Layer.IsWide ? 1 : 0,
                    At(memory, Layer, images), Layout.PixelOf(Layer)));
            }
        }
    }

    private sealed class ProductStep(ProductLayer layer, Layout layout, bool bfloat16) : Step(layer, layout, bfloat16)
    {
        public override void Run(nint memory, long images)
        {
            var by = Layer.Inputs[1];
            Native.Check(NativeScoring.cnn_score_multiply(
                BFloat16, images, Layer.Pixels, Layer.Channels, At(memory, X, images), Layout.PixelOf(X), At(memory, by, images), Layout.PixelOf(by),
                by.Pixels == 1 ? 1 : 0, At(memory, Layer, images), Layout.PixelOf(Layer)));
        }
    }

    private sealed class ShuffleStep(ShuffleLayer layer, Layout layout, bool bfloat16) : Step(layer, layout, bfloat16)
    {
        public override void Run(nint memory, long images) => Native.Check(NativeScoring.cnn_score_shuffle(
            BFloat16, images * Layer.Pixels, Layer.Channels, layer.Groups, At(memory, X, images), Layout.PixelOf(X), At(memory, Layer, images), Layout.PixelOf(Layer)));
    }
}
