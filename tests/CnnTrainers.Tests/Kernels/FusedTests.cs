using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static CnnTrainers.Tests.Architectures.BlockSteps;
using static CnnTrainers.Tests.Kernels.KernelFacts;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Kernels;

/// <summary>The fused steps of training give what libtorch's own operators give.</summary>
[Collection(nameof(KernelFacts))]
public class FusedTests
{
    public enum Step
    {
        Norm,
        NormRelu,
        NormAddRelu,
        NormReluPool,
        ReluPool,
        Append,
        NormReluConvolution,
    }

    public static TheoryData<Step, bool, int> Cases() => InEachWay(Enum.GetValues<Step>());

    [Theory]
    [MemberData(nameof(Cases))]
    public void AStepGivesLibtorchsValuesAndGradients(Step step, bool half, int set)
    {
        using var kernels = Use(set);
        using var scope = NewDisposeScope();
        var channels = step is Step.Append or Step.NormReluConvolution ? 32 : 38; // not only whole vectors
        using var block = new OneStep(step, channels);
        var x = Images([3, channels, 9, 7], 1, half ? ScalarType.BFloat16 : ScalarType.Float32);
        Tensor[] expected;
        using (KernelLibrary.Suspend())
            expected = BlockStep(block, x.to(ScalarType.Float32)); // in eight bits maxima and the ReLU's zero are matters of rounding
        var before = OneStep.TimesFused;
        var actual = BlockStep(block, x);
        Assert.Equal(step != Step.NormReluConvolution || set >= (half ? 3 : 1), OneStep.TimesFused > before); // plain loops leave convolutions to libtorch
        Assert.All(expected.Zip(actual), pair => AssertClose(pair.First, pair.Second, half ? 3e-2 : 2e-5));

        static Tensor[] BlockStep(OneStep block, Tensor x) => Architectures.BlockSteps.Step(block, block.call, x);
    }

    [Theory]
    [InlineData(Step.NormRelu)]
    [InlineData(Step.NormAddRelu)]
    [InlineData(Step.NormReluPool)]
    [InlineData(Step.ReluPool)]
    [InlineData(Step.Append)]
    [InlineData(Step.NormReluConvolution)]
    public void ASecondDerivativeIsLibtorchs(Step step)
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var block = new OneStep(step, 16);
        Tensor Second()
        {
            var x = Images([2, 16, 6, 5], 2).requires_grad_();
            var y = block.call(x);
            var first = autograd.grad([(y * y.cos()).sum()], [x], retain_graph: true, create_graph: true)[0];
            first.pow(2).sum().backward();
            return x.grad!;
        }

        Tensor expected;
        using (KernelLibrary.Suspend())
            expected = Second();
        AssertClose(expected, Second(), 1e-4);
    }

    [Fact]
    public void AGraphCanBeUsedAgainOnlyWhereItIsRetained()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var block = new OneStep(Step.NormRelu, 16);
        var x = Images([2, 16, 6, 5], 3).requires_grad_();
        var loss = block.call(x).pow(2).sum();
        loss.backward(retain_graph: true);
        var once = x.grad!.clone();
        BackwardPass.Run(loss);
        AssertClose(once * 2, x.grad!, 1e-6);
        Assert.ThrowsAny<Exception>(() => loss.backward());
    }

    [Fact]
    public void AFailureInABackwardIsAnErrorOfTheCallNotTheEndOfTheProcess()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        var x = Images([2, 16, 6, 5], 3).requires_grad_();
        var failure = Assert.Throws<InvalidOperationException>(() => BackwardPass.Run(Failing.On(x).sum()));
        Assert.Contains("the test wants this", failure.Message);
        Assert.Throws<ExternalException>(() => Failing.On(x).sum().backward());
        Assert.Null(x.grad);
    }

    [Fact]
    public void AFrozenNormGetsNoGradients()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var block = new OneStep(Step.NormRelu, 16);
        foreach (var parameter in block.parameters())
            parameter.requires_grad = false;
        var x = Images([2, 16, 6, 5], 3).requires_grad_();
        BackwardPass.Run(block.call(x).pow(2).sum());
        Assert.NotNull(x.grad);
        Assert.All(block.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void ALinearLayerOfManyWeightsIsLibtorchsUnderAutocast()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(4160, 1100); // its parts are of unequal size
        var images = Images([6, 4160, 1, 1], 5, ScalarType.BFloat16).flatten(1);
        Tensor[] Gradients(bool fused)
        {
            var x = images.clone().requires_grad_();
            var y = UnderAutocast(layer, x, fused)!;
            BackwardPass.Run((y.to(ScalarType.Float32) * y.detach().cos()).sum());
            return [y, x.grad!, layer.weight.grad!.clone(), layer.bias!.grad!.clone()];
        }

        var expected = Gradients(fused: false);
        layer.zero_grad();
        Assert.All(expected.Zip(Gradients(fused: true)), pair => AssertClose(pair.First, pair.Second, 1e-2));
        AssertClose(expected[2] * 2, Gradients(fused: true)[2], 1e-2); // added to what is there

        Assert.Null(UnderAutocast(nn.Linear(64, 64), images.narrow(1, 0, 64), fused: true, orNull: true));
        Assert.Null(Fused.Linear(layer, images)); // not under autocast
        layer.weight.requires_grad = false;
        Assert.Null(UnderAutocast(layer, images, fused: true, orNull: true));
    }

    [Fact]
    public void ASecondDerivativeOfALinearLayerIsLibtorchs()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(4160, 1100);
        Tensor Second(bool fused)
        {
            layer.zero_grad();
            var x = Images([3, 4160, 1, 1], 6, ScalarType.BFloat16).flatten(1).requires_grad_();
            var y = UnderAutocast(layer, x, fused)!.to(ScalarType.Float32);
            autograd.grad([y.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0].to(ScalarType.Float32).pow(2).sum().backward();
            return layer.weight.grad!.clone();
        }

        AssertClose(Second(false), Second(true), 3e-2);
    }

    private static Tensor? UnderAutocast(Linear layer, Tensor x, bool fused, bool orNull = false)
    {
        Autocast.Switch(true);
        try
        {
            var y = fused ? Fused.Linear(layer, x) : layer.call(x);
            Assert.True(orNull || y is not null);
            return y;
        }
        finally
        {
            Autocast.Switch(false);
        }
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("densenet121")]
    [InlineData("googlenet")]
    [InlineData("vgg11_bn")]
    public void AStepLeavesNoTensor(string name)
    {
        using var kernels = Use();
        AssertAStepLeavesNoTensor(CnnArchitecture.Get(name));
    }

    [Fact]
    public void GrownConcatenationsShareTheRoomOfTheFirst()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        Tensor[] parts = [Images([6, 2, 4, 5], 0), Images([6, 3, 4, 5], 1), Images([6, 3, 4, 5], 2), Images([6, 1, 4, 5], 3)];
        using var images = new Concatenation(parts[0], 8);
        images.Append(parts[1]);
        var first = images.All;
        images.Append(parts[2]);
        Assert.Equal([4 * 5 * 8, 1, 5 * 8, 8], images.All.stride());
        Assert.True(images.All.Equals(cat(parts[..3], 1)));
        Assert.True(first.Equals(cat(parts[..2], 1)));
        images.Append(parts[3]); // more than it was to have
        Assert.True(images.All.Equals(cat(parts, 1)));
    }

    [Fact]
    public void GradientsComeFromEveryUseOfAConcatenation()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(5);
        Tensor[] Gradients()
        {
            norm.zero_grad();
            Tensor[] parts = [.. Enumerable.Range(2, 3).Select(channels => Images([6, channels, 4, 5], channels).requires_grad_())];
            using var images = new Concatenation(parts[0], 9);
            images.Append(parts[1]);
            var x = images.All;
            var y = Fused.Norm(norm, x, true) ?? norm.call(x).relu();
            images.Append(parts[2]);
            ((images.All * images.All.detach().cos()).sum() + (x * x.detach().sin()).sum() + (y * y.detach().cos()).sum()).backward();
            return [.. parts.Select(part => part.grad!), norm.weight!.grad!.clone()];
        }

        Tensor[] expected;
        using (KernelLibrary.Suspend())
            expected = Gradients();
        Assert.All(expected.Zip(Gradients()), pair => AssertClose(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void WhatTheLoopsDoNotTakeIsLeftToLibtorch()
    {
        using var kernels = Use();
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm2d(16);
        using var pool = nn.MaxPool2d(3, 2, 1);
        var x = Images([2, 16, 6, 5], 0);
        Assert.Null(Fused.Norm(norm, x.contiguous(), true));
        Assert.Null(Fused.Norm(norm, x.to(ScalarType.Float64), true));
        Assert.Null(Fused.NormAddRelu(norm, x, x.contiguous(), false));
        Assert.Null(Fused.NormAddRelu(norm, x, x.narrow(0, 0, 1), false));
        Assert.Null(Fused.NormReluPool(norm, nn.MaxPool2d(17), x));
        Assert.Null(Fused.NormReluConvolution(norm, Layers.Conv(16, 16, 3), x));
        Assert.Null(Fused.NormReluConvolution(norm, Layers.Conv(16, 16, 1, stride: 2), x));
        Assert.Null(Fused.NormReluConvolution(norm, Layers.Conv(16, 12, 1), x));
        Assert.Null(Fused.NormReluConvolution(norm, nn.Conv2d(16, 16, 1), x)); // with a bias
        Assert.Null(Fused.NormReluConvolution(norm, Layers.Conv(16, 16, 1), x.to(ScalarType.BFloat16))); // libtorch refuses two types
        norm.eval();
        Assert.Null(Fused.NormReluConvolution(norm, Layers.Conv(16, 16, 1), x));
        Assert.Null(Fused.Norm(norm, x, true));
        Assert.Null(Fused.NormReluPool(norm, pool, x));
        pool.eval(); // whoever looks at the layers of a network that is not in training sees them all
        Assert.Null(Fused.ReluPool(pool, x.requires_grad_()));
    }

    // A norm and what follows it, or concatenations with norms between as a dense block has them.
    private sealed class OneStep : Block
    {
        private readonly BatchNorm2d norm, other;
        private readonly Conv2d? conv, next;
        private readonly Step _step;

        public OneStep(Step step, int channels)
        {
            _step = step;
            norm = nn.BatchNorm2d(channels);
            other = nn.BatchNorm2d(step switch { Step.Append => 2 * channels, Step.NormReluConvolution => channels + 16, _ => channels });
            if (step == Step.NormReluConvolution)
                (conv, next) = (Layers.Conv(channels, 16, 1), Layers.Conv(channels + 16, 16, 1));
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            foreach (var one in (BatchNorm2d[])[norm, other])
            {
                var count = one.weight!.shape[0];
                one.weight.copy_((arange(count) * 1.3).sin() + 0.2); // some are negative
                one.bias!.copy_((arange(count) * 0.7).cos() * 0.5);
            }
            foreach (var one in (Conv2d?[])[conv, next])
                one?.weight.copy_(Images(one.weight.shape, 4) * 0.3);
            if (step is Step.NormAddRelu or Step.NormReluConvolution)
            {
                // The second ReLU is nowhere near its edge, where eight bits decide.
                other.weight!.mul_(0.25);
                other.bias!.add_(2);
            }
            RegisterComponents();
        }

        public static int TimesFused { get; private set; }

        protected override Tensor Compute(Tensor x)
        {
            var y = _step switch
            {
                Step.Norm => Fused.Norm(norm, x, false),
                Step.NormRelu => Fused.Norm(norm, x, true),
                Step.ReluPool => Fused.ReluPool(nn.MaxPool2d(3, 2, 1), x * 0.5),
                Step.NormAddRelu => Fused.NormAddRelu(norm, x, x * -0.5, continued: true),
                Step.NormReluPool => Fused.NormReluPool(norm, nn.MaxPool2d(3, 2, 1), x),
                Step.NormReluConvolution => Layered(x),
                _ => Grown(x),
            };
            if (_step != Step.NormReluConvolution)
                TimesFused += y is null || !KernelLibrary.IsInstalled ? 0 : 1;
            y ??= _step switch
            {
                Step.Norm => norm.call(x),
                Step.NormRelu => norm.call(x).relu(),
                Step.ReluPool => nn.functional.max_pool2d((x * 0.5).relu(), 3, 2, 1),
                Step.NormAddRelu => (norm.call(x) + x * -0.5).relu(),
                _ => nn.functional.max_pool2d(norm.call(x).relu(), 3, 2, 1),
            };
            if (_step == Step.NormAddRelu)
            {
                // The next block, whose shortcut it is.
                var next = Fused.NormAddRelu(other, y * 0.5, y, continued: false) ?? (other.call(y * 0.5) + y).relu();
                return next + y;
            }
            // Every parameter has a gradient.
            return y + (_step is Step.Append or Step.NormReluConvolution ? 0 : (parameters().Select(parameter => parameter.sum()).Aggregate((a, b) => a + b) * 0).to(y.dtype));
        }

        // As a dense block's layers, in mixed precision where x is of bfloat16.
        private Tensor Layered(Tensor x)
        {
            Tensor Layer(BatchNorm2d one, Conv2d filters, Tensor input)
            {
                var y = Fused.NormReluConvolution(one, filters, input);
                TimesFused += y is null ? 0 : 1;
                return y ?? filters.call(one.call(input).relu());
            }

            Autocast.Switch(x.dtype == ScalarType.BFloat16);
            try
            {
                using var images = new Concatenation(x, x.shape[1] + 32);
                images.Append(Layer(norm, conv!, images.All));
                images.Append(Layer(other, next!, images.All));
                return images.All;
            }
            finally
            {
                Autocast.Switch(false);
            }
        }

        private Tensor Grown(Tensor x)
        {
            Tensor Relu(BatchNorm2d one, Tensor input) => Fused.Norm(one, input, true) ?? one.call(input).relu();
            using var images = new Concatenation(x, 3 * x.shape[1]);
            images.Append(Relu(norm, x) * 0.5);
            images.Append(Relu(other, images.All).narrow(1, 3, 16));
            return images.All;
        }
    }

    private sealed class Failing : FusedFunction<Failing, string>
    {
        public static Tensor On(Tensor x) => Apply("", x)[0];

        protected override (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, string settings) => ([inputs[0]! * 2], []);

        protected override Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, string settings, bool[] wanted) => throw new FormatException("the test wants this");

        protected override Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, string settings, bool[] wanted) => [];
    }
}
