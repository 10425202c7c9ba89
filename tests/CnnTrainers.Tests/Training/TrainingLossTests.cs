using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Training;

public class TrainingLossTests
{
    private static readonly double[][] Logits = [[2, 0, -1], [0.5, 1.5, 0]];
    private static readonly float[] Weights = [0.5f, 2, 1];

    [Fact]
    public void LabelsAreWeightedAndTheMeanDividedByTheirWeights()
    {
        var expected = (0.5 * Nll(0, 0) + 2 * Nll(1, 1)) / (0.5 + 2);
        Assert.Equal(expected, Loss(0, Weights, [0, 1]), 1e-6);
    }

    [Fact]
    public void SmoothingSpreadsTheWeightedTarget()
    {
        double Smooth(int row) => 0.5 * Nll(row, 0) + 2 * Nll(row, 1) + Nll(row, 2);
        var expected = 0.7 * (0.5 * Nll(0, 0) + 2 * Nll(1, 1)) / 2.5 + 0.3 / 3 * (Smooth(0) + Smooth(1)) / 2.5;
        Assert.Equal(expected, Loss(0.3, Weights, [0, 1]), 1e-6);
    }

    [Fact]
    public void MixedTargetsAreSmoothedAndWeightedLikeLabels()
    {
        double[][] targets = [[0.75, 0.25, 0], [0, 1, 0]];
        var expected = 0.0;
        for (var row = 0; row < 2; row++)
        {
            for (var c = 0; c < 3; c++)
                expected += (0.7 * targets[row][c] + 0.3 / 3) * Weights[c] * Nll(row, c) / 2;
        }
        Assert.Equal(expected, Loss(0.3, Weights, [0, 1], targets), 1e-6);
    }

    [Fact]
    public void PureTargetsGiveTheLossOfTheirLabels() =>
        Assert.Equal(Loss(0.1, null, [0, 2]), Loss(0.1, null, [0, 2], [[1, 0, 0], [0, 0, 1]]), 1e-6);

    [Fact]
    public void ABatchWhoseLabelsWeighNothingHasTheLoss0AndTeachesNothing()
    {
        using var scope = NewDisposeScope();
        using var loss = new TrainingLoss(0.1, [0, 1, 1]);
        using var network = nn.Identity();
        var logits = Matrix(Logits).requires_grad_();
        var value = loss.Of(network, logits, Toy.Labelled([0, 0]));
        value.backward();
        Assert.Equal(0, value.item<float>());
        Assert.All(logits.grad!.data<float>(), gradient => Assert.Equal(0, gradient));
        Assert.Equal(Nll(1, 1), Loss(0, [0, 1, 1], [0, 1]), 1e-6);
    }

    private static double Loss(double smoothing, float[]? weights, long[] labels, double[][]? targets = null)
    {
        using var scope = NewDisposeScope();
        using var loss = new TrainingLoss(smoothing, weights);
        using var network = nn.Identity();
        var batch = Toy.Labelled(labels, targets is null ? null : Matrix(targets));
        return loss.Of(network, Matrix(Logits), batch).item<float>();
    }

    private static Tensor Matrix(double[][] rows) => tensor(rows.SelectMany(row => row).Select(x => (float)x).ToArray(), rows.Length, rows[0].Length);

    private static double Nll(int row, int c) => Math.Log(Logits[row].Sum(Math.Exp)) - Logits[row][c];
}
