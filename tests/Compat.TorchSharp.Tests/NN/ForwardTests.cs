using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class ForwardTests
{
    private static Tensor Ramp(params long[] shape) => arange(0, shape.Aggregate((a, b) => a * b), float32).reshape(shape);

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static void Close(float[] expected, Tensor actual)
    {
        var values = Values(actual);
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], values[i], 1e-4f);
    }

    [Fact]
    public void LinearIsWeightsTimesInputPlusBias()
    {
        using var linear = Linear(2, 2);
        linear.weight = new(tensor(new float[] { 1, 2, 3, 4 }).reshape(2, 2));
        linear.bias = new(tensor(new float[] { 10, 20 }));
        Close([15, 31], linear.call(tensor(new float[] { 1, 2 }).reshape(1, 2)));
    }

    [Fact]
    public void ConvolutionSumsItsWindow()
    {
        using var conv = Conv2d(1, 1, 2, bias: false);
        init.ones_(conv.weight);
        Close([0 + 1 + 3 + 4, 1 + 2 + 4 + 5, 3 + 4 + 6 + 7, 4 + 5 + 7 + 8], conv.call(Ramp(1, 1, 3, 3)));
        Assert.Null(conv.bias);
    }

    [Fact]
    public void GroupedConvolutionKeepsChannelsApart()
    {
        using var conv = Conv2d(2, 2, 1, groups: 2, bias: false);
        conv.weight = new(tensor(new float[] { 2, 3 }).reshape(2, 1, 1, 1));
        Close([2, 2, 2, 2, 3, 3, 3, 3], conv.call(ones(1, 2, 2, 2)));
    }

    [Theory]
    [InlineData(1, 0, 1, 6)]
    [InlineData(2, 1, 1, 4)]
    [InlineData(1, 2, 2, 8)]
    public void ConvolutionSizesFollowStridePaddingAndDilation(long stride, long padding, long dilation, long expected)
    {
        using var conv = Conv2d(1, 1, 3, stride, padding, dilation);
        Assert.Equal([1, 1, expected, expected], conv.call(zeros(1, 1, 8, 8)).shape);
    }

    [Fact]
    public void SamePaddingKeepsTheSizeAndTakesEvenKernels()
    {
        using var conv = Conv2d(1, 1, (4, 3), Padding.Same);
        Assert.Equal([1, 1, 8, 8], conv.call(zeros(1, 1, 8, 8)).shape);
        using var valid = Conv2d(1, 1, 3, Padding.Valid);
        Assert.Equal([1, 1, 6, 6], valid.call(zeros(1, 1, 8, 8)).shape);
    }

    [Fact]
    public void ReflectedPaddingMirrorsTheEdge()
    {
        using var conv = Conv1d(1, 1, 3, padding: 1, padding_mode: PaddingModes.Reflect, bias: false);
        init.ones_(conv.weight);
        Close([1 + 0 + 1, 3, 1 + 2 + 1], conv.call(Ramp(1, 1, 3)));
    }

    [Fact]
    public void TransposedConvolutionSpreadsItsInput()
    {
        using var conv = ConvTranspose2d(1, 1, 2, stride: 2, bias: false);
        init.ones_(conv.weight);
        Close([0, 0, 1, 1, 0, 0, 1, 1], conv.call(Ramp(1, 1, 1, 2)));
    }

    [Fact]
    public void ConvolutionSaysWhichChannelsItExpects()
    {
        using var conv = Conv2d(3, 1, 3);
        var error = Assert.Throws<ArgumentException>(() => conv.call(zeros(1, 4, 8, 8)));
        Assert.Contains("3 channels to Conv2d", error.Message);
        Assert.Throws<ArgumentException>(() => Conv2d(3, 4, 1, groups: 2));
    }

    [Fact]
    public void CeilModeKeepsTheLastPartialWindow()
    {
        using var floor = MaxPool2d(2, stride: 2);
        using var ceil = MaxPool2d(2, stride: 2, ceilMode: true);
        Close([4], floor.call(Ramp(1, 1, 3, 3)));
        Close([4, 5, 7, 8], ceil.call(Ramp(1, 1, 3, 3)));
        Close([4, 5, 7, 8], MaxPool2d((2, 2), (2, 2), ceilMode: true).call(Ramp(1, 1, 3, 3)));
    }

    [Fact]
    public void MaxPoolGivesIndicesWhenAsked()
    {
        var (values, indices) = MaxPool2d(2).forward_with_indices(Ramp(1, 1, 2, 2));
        Close([3], values);
        Assert.Equal(3, indices.item<long>());
    }

    [Fact]
    public void AveragePoolCountsPaddingUnlessTold()
    {
        Close([1, 1, 1, 1], AvgPool2d(2).call(ones(1, 1, 4, 4)));
        Close([0.25f, 0.25f, 0.25f, 0.25f], AvgPool2d(2, stride: 2, padding: 1).call(ones(1, 1, 2, 2)));
        Close([1, 1, 1, 1], AvgPool2d(2, stride: 2, padding: 1, count_include_pad: false).call(ones(1, 1, 2, 2)));
        Close([4], AvgPool2d(2, divisor_override: 1).call(ones(1, 1, 2, 2)));
    }

    [Fact]
    public void AdaptivePoolsReachTheirSize()
    {
        Close([4], AdaptiveAvgPool2d(1).call(Ramp(1, 1, 3, 3)));
        Close([8], AdaptiveMaxPool2d([1, 1]).call(Ramp(1, 1, 3, 3)));
        Assert.Equal([1, 1, 7, 5], AdaptiveAvgPool2d((7, 5)).call(zeros(1, 1, 3, 3)).shape);
    }

    [Fact]
    public void LocalResponseNormDividesByTheNeighboursSquares()
    {
        using var norm = LocalResponseNorm(2, alpha: 2, beta: 1, k: 1);
        var input = tensor(new float[] { 1, 2, 3 }).reshape(1, 3, 1, 1);
        Close([1 / (1 + 1f), 2 / (1 + 1f + 4), 3 / (1 + 4f + 9)], norm.call(input));
    }

    [Fact]
    public void BatchNormNormalizesInTrainingAndUsesRunningStatisticsAfter()
    {
        using var norm = BatchNorm2d(1);
        var input = tensor(new float[] { 1, 3 }).reshape(2, 1, 1, 1);
        Close([-1, 1], norm.call(input));
        Close([0.2f], norm.running_mean);
        Close([0.9f + 0.1f * 2], norm.running_var);
        Assert.Equal(1, norm.num_batches_tracked.item<long>());
        norm.eval();
        Close([0.8f / MathF.Sqrt(1.1f), 2.8f / MathF.Sqrt(1.1f)], norm.call(input));
        Assert.Equal(1, norm.num_batches_tracked.item<long>());
        norm.reset_running_stats();
        Close([1, 3], norm.call(input));
    }

    [Fact]
    public void NormsOverOtherGroupsOfElements()
    {
        Close([-1, 1], LayerNorm(2).call(tensor(new float[] { 1, 3 }).reshape(1, 2)));
        Close([-1, 1, -1, 1], GroupNorm(2, 4).call(tensor(new float[] { 1, 3, 5, 9 }).reshape(1, 4, 1)));
        Close([-1, 1], InstanceNorm2d(1).call(tensor(new float[] { 1, 3 }).reshape(1, 1, 1, 2)));
        Assert.Throws<ArgumentException>(() => BatchNorm2d(2).call(zeros(2, 2)));
    }

    [Fact]
    public void DropoutScalesInTrainingAndPassesAfter()
    {
        using var dropout = Dropout(0.5);
        var dropped = Values(dropout.call(ones(1000)));
        Assert.All(dropped, v => Assert.True(v is 0 or 2));
        Assert.InRange(dropped.Count(v => v == 2), 400, 600);
        dropout.eval();
        Assert.All(Values(dropout.call(ones(10))), v => Assert.Equal(1, v));
        Assert.Throws<ArgumentException>(() => Dropout(1.5));
    }

    [Fact]
    public void ChannelDropoutDropsWholeChannels()
    {
        var values = Dropout2d(0.5).call(ones(1, 64, 2, 2)).sum(2).sum(2);
        Assert.All(Values(values), v => Assert.True(v is 0 or 8));
    }

    [Fact]
    public void SequentialChainsAndSlices()
    {
        using var chain = Sequential(("first", Flatten()), ("second", Identity()), ("third", ReLU()));
        Assert.Equal([2, 12], chain.call(zeros(2, 3, 4)).shape);
        Assert.Equal(3, chain.Count);
        Assert.Equal(["second", "third"], chain[1..].named_children().Select(c => c.name));
        Assert.Equal(1, chain[(0, 1)].Count);
        chain.append(Identity());
        Assert.Equal("3", chain.named_children().Last().name);
        using var empty = Sequential();
        Assert.Equal([2], empty.call(zeros(2)).shape);
    }

    [Fact]
    public void ShapingModulesMoveElements()
    {
        Close([0, 2, 1, 3], ChannelShuffle(2).call(Ramp(1, 4, 1, 1)));
        Assert.Equal([1, 1, 4, 4], PixelShuffle(2).call(zeros(1, 4, 2, 2)).shape);
        Assert.Equal([2, 3, 4], Unflatten(1, [3, 4]).call(zeros(2, 12)).shape);
        Close([0, 0, 1, 1], Upsample(scale_factor: [2]).call(Ramp(1, 1, 2)));
        Assert.Equal([1, 1, 5, 7], Upsample(size: [5, 7], mode: UpsampleMode.Bilinear, align_corners: false).call(zeros(1, 1, 2, 2)).shape);
    }

    [Fact]
    public void PaddingModulesPadEverySide()
    {
        Assert.Equal([1, 1, 5, 4], ZeroPad2d((1, 1, 0, 3)).call(zeros(1, 1, 2, 2)).shape);
        Close([2, 1, 0, 1, 2, 1, 0], ReflectionPad1d(2).call(Ramp(1, 1, 3)));
        Close([7, 0, 7], ConstantPad1d(1, 7).call(zeros(1, 1, 1)));
    }

    [Fact]
    public void EmbeddingPicksRowsAndKeepsPaddingZero()
    {
        using var table = Embedding(3, 2, padding_idx: 1);
        Close([0, 0], table.call(tensor(new long[] { 1 })));
        using var fixedTable = Embedding_from_pretrained(Ramp(3, 2));
        Close([4, 5, 0, 1], fixedTable.call(tensor(new long[] { 2, 0 })));
        Assert.False(fixedTable.weight.requires_grad);
    }
}
