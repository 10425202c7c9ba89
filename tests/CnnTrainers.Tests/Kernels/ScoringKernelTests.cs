using System.Runtime.InteropServices;
using CnnTrainers.Kernels;
using TorchSharp;
using static CnnTrainers.Tests.Kernels.KernelFacts;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Kernels;

/// <summary>The loops of scoring give what libtorch's operators give, on some channels of wider images, and write nothing beside them.</summary>
[Collection(nameof(KernelFacts))]
public class ScoringKernelTests
{
    private const int Gap = 5; // channels of others in a pixel
    private const float Untouched = 77;

    /// <summary>Images, inputs, outputs, height, width, kernel, stride, padding, groups, activation, whether something is added, whether a scale comes first.</summary>
    private static readonly (int N, int I, int O, int H, int W, int K, int S, int P, int G, int Activation, bool Added, bool Before)[] _shapes =
    [
        (2, 3, 40, 15, 13, 7, 2, 3, 1, 1, false, false),    // a first layer
        (1, 1, 6, 12, 12, 5, 1, 0, 1, 0, false, false),
        (3, 24, 24, 7, 9, 1, 1, 0, 1, 2, true, false),      // outputs that fill no vector
        (2, 70, 100, 6, 5, 1, 1, 0, 1, 1, false, true),     // with a norm first
        (2, 70, 33, 9, 8, 1, 2, 0, 1, 0, true, true),
        (1, 300, 48, 5, 5, 3, 1, 1, 1, 3, false, false),    // sums of several chunks
        (2, 20, 600, 3, 3, 3, 1, 1, 1, 4, true, false),     // more outputs than a thread keeps
        (2, 32, 64, 13, 10, 3, 1, 1, 1, 1, true, false),    // Winograd's
        (3, 256, 128, 12, 12, 3, 1, 1, 1, 0, false, false),
        (2, 64, 64, 9, 9, 3, 2, 1, 16, 1, false, false),    // groups of four
        (2, 40, 20, 8, 8, 3, 1, 1, 4, 5, true, false),
        (2, 37, 37, 11, 12, 3, 1, 1, 37, 2, false, false),  // each channel by itself
        (2, 32, 32, 12, 11, 5, 2, 2, 32, 3, false, false),
        (1, 16, 16, 9, 9, 7, 1, 3, 16, 0, true, false),
        (1, 700, 10, 1, 1, 1, 1, 0, 1, 0, false, false),    // a product
        (5, 12, 10, 4, 4, 4, 1, 0, 1, 0, false, false),
    ];

    public static TheoryData<int, bool, int> Convolutions() => new(
        from shape in Enumerable.Range(0, _shapes.Length) from half in (bool[])[false, true] from set in InstructionSets select (shape, half, set));

    public static TheoryData<bool, int> Sets() => new(from half in (bool[])[false, true] from set in InstructionSets select (half, set));

    [Theory]
    [MemberData(nameof(Convolutions))]
    public unsafe void AConvolutionIsLibtorchs(int shape, bool half, int set)
    {
        using var kernels = Use(set);
        using var scope = NewDisposeScope();
        var s = _shapes[shape];
        var (x, weight, bias) = (Numbers(half, 1, s.N, s.I, s.H, s.W), Numbers(half, 2, s.O, s.I / s.G, s.K, s.K) / Math.Sqrt(s.I / s.G * s.K * s.K), Numbers(false, 3, s.O));
        var (scale, shift) = (Numbers(false, 4, s.I), Numbers(false, 5, s.I));
        if (half)
            weight = weight.to(ScalarType.BFloat16).to(ScalarType.Float64);
        var seen = s.Before ? (x * scale.view(1, -1, 1, 1) + shift.view(1, -1, 1, 1)).relu() : x;
        var expected = nn.functional.conv2d(seen, weight, bias, strides: [s.S, s.S], padding: [s.P, s.P], groups: s.G);
        var other = Numbers(half, 6, [.. expected.shape]);
        expected = Activated(s.Added ? expected + other : expected, s.Activation);
        var (height, width) = ((int)expected.shape[2], (int)expected.shape[3]);

        var parameters = new NativeScoring.Convolution
        {
            Height = s.H, Width = s.W, Inputs = s.I, OutHeight = height, OutWidth = width, Outputs = s.O, KernelDown = s.K, KernelAcross = s.K,
            StrideDown = s.S, StrideAcross = s.S, PaddingDown = s.P, PaddingAcross = s.P, Groups = s.G, Activation = s.Activation,
        };
        nint convolution;
        fixed (float* w = Floats(weight), b = Floats(bias), scales = s.Before ? Floats(scale) : null, shifts = s.Before ? Floats(shift) : null)
            Native.Check(NativeScoring.cnn_score_convolution(parameters, half ? 1 : 0, w, b, scales, shifts, out convolution));
        using var input = new Memory(x, half, s.K == 7 ? 0 : Gap);
        using var added = new Memory(other, half, Gap);
        using var output = new Memory(expected, half, Gap, blank: true);
        Native.Check(NativeScoring.cnn_score_convolve(
            convolution, s.N, input.Data, input.Pixel, s.Added ? added.Data : 0, added.Pixel, output.Data, output.Pixel));
        NativeScoring.cnn_score_convolution_delete(convolution);

        output.AssertIs(expected, half ? 2e-2 : 2e-5);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public unsafe void PoolsAreLibtorchs(bool half, int set)
    {
        using var kernels = Use(set);
        using var scope = NewDisposeScope();
        var x = Numbers(half, 1, 2, 21, 11, 10);
        (int Kind, int Kernel, int Stride, int Padding, bool Ceiling, Tensor Expected)[] cases =
        [
            (0, 3, 2, 1, false, nn.functional.max_pool2d(x, 3, 2, 1)),
            (0, 3, 2, 0, true, nn.functional.max_pool2d(x, 3, 2, 0, ceil_mode: true)),
            (1, 3, 1, 1, false, nn.functional.avg_pool2d(x, 3, 1, 1)),
            (1, 3, 2, 1, true, nn.functional.avg_pool2d(x, 3, 2, 1, ceil_mode: true)),
            (2, 3, 2, 1, true, nn.functional.avg_pool2d(x, 3, 2, 1, ceil_mode: true, count_include_pad: false)),
            (NativeScoring.Adaptive, 0, 0, 0, false, nn.functional.adaptive_avg_pool2d(x, 4)),
            (NativeScoring.Adaptive, 0, 0, 0, false, nn.functional.adaptive_avg_pool2d(x, 1)),
        ];
        using var input = new Memory(x, half, Gap);
        foreach (var (kind, kernel, stride, padding, _, expected) in cases)
        {
            var pool = new NativeScoring.Pool
            {
                Height = 11, Width = 10, Channels = 21, OutHeight = expected.shape[2], OutWidth = expected.shape[3], KernelDown = kernel, KernelAcross = kernel,
                StrideDown = stride, StrideAcross = stride, PaddingDown = padding, PaddingAcross = padding, Kind = kind,
            };
            using var output = new Memory(expected, half, Gap, blank: true);
            Native.Check(NativeScoring.cnn_score_pool(pool, half ? 1 : 0, 2, input.Data, input.Pixel, null, null, output.Data, output.Pixel));
            output.AssertIs(expected, half ? 1e-2 : 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public unsafe void MapsAreLibtorchs(bool half, int set)
    {
        using var kernels = Use(set);
        using var scope = NewDisposeScope();
        var (x, other, by) = (Numbers(half, 1, 3, 22, 5, 4), Numbers(half, 2, 3, 22, 5, 4), Numbers(half, 3, 3, 22, 1, 1));
        var (scale, shift) = (Numbers(false, 4, 22), Numbers(false, 5, 22));
        using var input = new Memory(x, half, Gap);
        using var added = new Memory(other, half, Gap);
        using var factor = new Memory(by, half, 0);

        var expected = (x * scale.view(1, -1, 1, 1) + shift.view(1, -1, 1, 1) + other).relu();
        using (var output = new Memory(expected, half, Gap, blank: true))
        {
            fixed (float* scales = Floats(scale), shifts = Floats(shift))
                Native.Check(NativeScoring.cnn_score_affine(half ? 1 : 0, 60, 22, input.Data, input.Pixel, scales, shifts, added.Data, added.Pixel, 1, 0, output.Data, output.Pixel));
            output.AssertIs(expected, half ? 1e-2 : 1e-6);
        }
        foreach (var (same, right) in ((bool, Memory)[])[(true, factor), (false, added)])
        {
            expected = x * (same ? by : other);
            using var output = new Memory(expected, half, Gap, blank: true);
            Native.Check(NativeScoring.cnn_score_multiply(half ? 1 : 0, 3, 20, 22, input.Data, input.Pixel, right.Data, right.Pixel, same ? 1 : 0, output.Data, output.Pixel));
            output.AssertIs(expected, half ? 1e-2 : 1e-6);
        }
        expected = x.view(3, 2, 11, 5, 4).transpose(1, 2).reshape(3, 22, 5, 4);
        using (var output = new Memory(expected, half, Gap, blank: true))
        {
            Native.Check(NativeScoring.cnn_score_shuffle(half ? 1 : 0, 60, 22, 2, input.Data, input.Pixel, output.Data, output.Pixel));
            output.AssertIs(expected, 0);
        }
        expected = (x - shift.view(1, -1, 1, 1)) * scale.view(1, -1, 1, 1);
        using (var output = new Memory(expected, half, Gap, blank: true))
        {
            fixed (float* planes = Floats(x), means = Floats(shift), factors = Floats(scale))
                Native.Check(NativeScoring.cnn_score_input(half ? 1 : 0, 3, 20, 22, planes, means, factors, output.Data, output.Pixel));
            output.AssertIs(expected, half ? 1e-2 : 1e-6);
        }
    }

    private static Tensor Activated(Tensor x, int activation) => activation switch
    {
        1 => x.relu(),
        2 => nn.functional.relu6(x),
        3 => nn.functional.hardswish(x),
        4 => nn.functional.hardsigmoid(x),
        5 => x.sigmoid(),
        _ => x,
    };

    // Exact in the precision, computed with in float64.
    private static Tensor Numbers(bool half, int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        var numbers = rand(shape, generator: generator) * 2 - 1;
        return (half ? numbers.to(ScalarType.BFloat16) : numbers).to(ScalarType.Float64);
    }

    private static float[] Floats(Tensor tensor) => [.. tensor.to(ScalarType.Float32).contiguous().data<float>()];

    /// <summary>Images stored channels-last among the channels of others.</summary>
    private sealed unsafe class Memory : IDisposable
    {
        private readonly nint _memory;
        private readonly long _count;
        private readonly long[] _shape;
        private readonly bool _half;
        private readonly int _gap;

        public Memory(Tensor images, bool half, int gap, bool blank = false)
        {
            (_shape, _half, _gap, Pixel) = (images.shape, half, gap, (int)images.shape[1] + 2 * gap);
            var content = full(_shape[0], _shape[2], _shape[3], Pixel, Untouched);
            if (!blank)
                content.narrow(3, gap, _shape[1]).copy_(images.permute(0, 2, 3, 1));
            _count = content.numel();
            _memory = NativeScoring.cnn_score_memory(_count * 4 + 256);
            new Span<float>((void*)_memory, (int)_count + 64).Fill(float.NaN); // behind the numbers
            (half ? content.to(ScalarType.BFloat16) : content).bytes.CopyTo(new Span<byte>((void*)_memory, (int)_count * 4));
        }

        public int Pixel { get; }

        public nint Data => _memory + _gap * (_half ? 2 : 4);

        public void AssertIs(Tensor expected, double tolerance)
        {
            var bytes = new Span<byte>((void*)_memory, (int)_count * (_half ? 2 : 4));
            var all = empty([_shape[0], _shape[2], _shape[3], Pixel], _half ? ScalarType.BFloat16 : ScalarType.Float32);
            bytes.CopyTo(all.bytes);
            var actual = all.to(ScalarType.Float64).permute(0, 3, 1, 2);
            var difference = (actual.narrow(1, _gap, _shape[1]) - expected).abs().max().item<double>();
            Assert.InRange(difference, 0, tolerance * Math.Max(1, expected.abs().max().item<double>()));
            if (_gap > 0)
                Assert.Equal((Untouched, Untouched), (actual.narrow(1, 0, _gap).min().item<double>(), actual.narrow(1, _gap + _shape[1], _gap).max().item<double>()));
        }

        public void Dispose() => NativeScoring.cnn_score_memory_free(_memory);
    }
}
