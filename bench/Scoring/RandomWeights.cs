using CnnTrainers.Bench.Harness;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Bench.Scoring;

/// <summary>
/// Weights from a seed, trained for a few steps on pieces of the images that are scored: it takes so much for a network to tell them apart by
/// more than rounding, without which equal answers would mean nothing. Norms have factors, offsets and statistics of their own.
/// </summary>
internal static class RandomWeights
{
    private const int Steps = 20, Piece = 64;

    // A norm's statistics after one pass: a tenth of what it saw in it.
    private const double Momentum = 0.1;

    public static Measurement Write(string network, string file)
    {
        set_num_threads(2);
        random.manual_seed(1);
        var shape = new ImageShape(3, 224, 224);
        using nn.Module<Tensor, Tensor> made = CnnArchitecture.Get(network).CreateNetwork(shape, ScoringCase.Classes);
        BatchNorm2d[] norms = [.. made.modules().OfType<BatchNorm2d>()];
        using Tensor images = tensor(ScoringImages.Normalized(ScoringImages.Checked, shape), [ScoringImages.Checked, shape.Channels, shape.Height, shape.Width]);
        using (no_grad())
            foreach (BatchNorm2d norm in norms)
            {
                using var scope = NewDisposeScope();
                norm.weight!.uniform_(0.7, 1.3);
                norm.bias!.normal_(0, 0.1);
            }
        Train(made, images);
        Settle(made, norms, images);
        CnnWeights.Save(made, file);
        return new Measurement([], Status.PeakBytes, MachineLine.Build);
    }

    private static void Train(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        network.train();
        var places = new Random(1);
        using var optimizer = optim.Adam(network.parameters());
        using var criterion = nn.CrossEntropyLoss();
        for (int step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            Tensor pieces = images.narrow(2, places.Next((int)images.shape[2] - Piece), Piece).narrow(3, places.Next((int)images.shape[3] - Piece), Piece);
            optimizer.zero_grad();
            Tensor loss = criterion.call(network.call(pieces.contiguous()), arange(images.shape[0], ScalarType.Int64).remainder(ScoringCase.Classes));
            loss.backward();
            optimizer.step();
        }
    }

    // The norms' statistics become those of the whole images.
    private static void Settle(nn.Module<Tensor, Tensor> network, BatchNorm2d[] norms, Tensor images)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (Tensor statistic in Statistics())
            statistic.zero_();
        network.call(images);
        foreach (Tensor statistic in Statistics())
            statistic.div_(Momentum);

        IEnumerable<Tensor> Statistics() => norms.SelectMany(norm => new[] { norm.running_mean!, norm.running_var! });
    }
}
