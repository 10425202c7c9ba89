using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

public class LossTests
{
    private static readonly double[] Scores = [1, 2, 3];

    private static Tensor Row(params double[] values) => tensor(values).reshape(1, -1);

    private static double LogProbability(int c) => Scores[c] - Math.Log(Scores.Sum(Math.Exp));

    [Fact]
    public void CrossEntropyIsMinusTheLogProbability()
    {
        var target = tensor(new long[] { 2 });
        Assert.Equal(-LogProbability(2), CrossEntropyLoss().call(Row(Scores), target).item<double>(), 1e-9);
        Assert.Equal(-LogProbability(2), NLLLoss().call(functional.log_softmax(Row(Scores), 1), target).item<double>(), 1e-9);
    }

    [Fact]
    public void LabelSmoothingMixesInTheMeanOverClasses()
    {
        var expected = -(0.9 * LogProbability(0) + 0.1 * (LogProbability(0) + LogProbability(1) + LogProbability(2)) / 3);
        var loss = new global::TorchSharp.Modules.CrossEntropyLoss(label_smoothing: 0.1);
        Assert.Equal(expected, loss.call(Row(Scores), tensor(new long[] { 0 })).item<double>(), 1e-9);
        Assert.Equal(expected, functional.cross_entropy(Row(Scores), tensor(new long[] { 0 }), label_smoothing: 0.1).item<double>(), 1e-9);
    }

    [Fact]
    public void ClassWeightsAndIgnoredClassesCount()
    {
        var scores = cat([Row(Scores), Row(Scores)]);
        var target = tensor(new long[] { 0, 2 });
        var weighted = CrossEntropyLoss(tensor(new double[] { 1, 1, 3 })).call(scores, target).item<double>();
        Assert.Equal(-(LogProbability(0) + 3 * LogProbability(2)) / 4, weighted, 1e-9);
        Assert.Equal(-LogProbability(2), CrossEntropyLoss(ignore_index: 0).call(scores, target).item<double>(), 1e-9);
        Assert.Equal(-LogProbability(0) - LogProbability(2), CrossEntropyLoss(reduction: Reduction.Sum).call(scores, target).item<double>(), 1e-9);
        Assert.Equal([2], CrossEntropyLoss(reduction: Reduction.None).call(scores, target).shape);
    }

    [Fact]
    public void DistancesOfVectors()
    {
        var (left, right) = (Row(0, 2, 5), Row(1, 2, 2));
        Assert.Equal(10.0 / 3, MSELoss().call(left, right).item<double>(), 1e-9);
        Assert.Equal(4.0 / 3, L1Loss().call(left, right).item<double>(), 1e-9);
        Assert.Equal((0.5 + 2.5) / 3, SmoothL1Loss().call(left, right).item<double>(), 1e-9);
        Assert.Equal((0.5 + 2 * (3 - 1)) / 3, HuberLoss(delta: 2).call(left, right).item<double>(), 1e-9);
    }

    [Fact]
    public void BinaryCrossEntropyAgreesOnProbabilitiesAndLogits()
    {
        var (logit, target) = (Row(0.3, -1.2), Row(1, 0));
        var expected = (Math.Log(1 + Math.Exp(-0.3)) + Math.Log(1 + Math.Exp(-1.2))) / 2;
        Assert.Equal(expected, BCEWithLogitsLoss().call(logit, target).item<double>(), 1e-9);
        Assert.Equal(expected, BCELoss().call(logit.sigmoid(), target).item<double>(), 1e-9);
        Assert.Equal(Reduction.Mean, BCELoss().reduction);
    }

    [Fact]
    public void DivergenceOfADistributionFromItselfIsZero()
    {
        var logs = functional.log_softmax(Row(Scores), 1);
        Assert.Equal(0, KLDivLoss().call(logs, logs).item<double>(), 1e-12);
    }
}
