using CnnTrainers.Bench.Harness;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Bench.Scoring;

/// <summary>
/// Weights that nobody has trained, and that are yet like trained ones in what matters here: norms with factors, offsets and statistics of
/// their own, activations of a usual size, and a last layer that tells images apart, so that a wrong result shows in the probabilities.
/// </summary>
internal static class RandomWeights
{
    private const int Passes = 25, Batch = 8, Size = 112; // after 25 passes 93 % of a norm's statistics are of what it has seen

    public static Measurement Write(string network, string file)
    {
        set_num_threads(2);
        random.manual_seed(1);
        using nn.Module<Tensor, Tensor> made = CnnArchitecture.Get(network).CreateNetwork(new ImageShape(3, Size, Size), ScoringCase.Classes);
        using (no_grad())
        using (NewDisposeScope())
        {
            foreach (BatchNorm2d norm in made.modules().OfType<BatchNorm2d>())
            {
                norm.weight!.uniform_(0.7, 1.3);
                norm.bias!.normal_(0, 0.1);
            }
            using Tensor images = tensor(ScoringImages.Normalized(2 * Batch, new ImageShape(3, Size, Size)), [2 * Batch, 3, Size, Size]);
            made.train();
            for (int pass = 0; pass < Passes; pass++)
            {
                using var scope = NewDisposeScope();
                made.call(images.slice(0, pass % 2 * Batch, (pass % 2 + 1) * Batch, 1));
            }
            made.eval();
            Spread(made.modules().OfType<Linear>().Last(), made.call(images));
        }
        CnnWeights.Save(made, file);
        return new Measurement([], Status.PeakBytes, MachineLine.Build);
    }

    // Every class's logit gets mean 0 and deviation 1 over the images.
    private static void Spread(Linear last, Tensor logits)
    {
        Tensor mean = logits.mean([0]), deviation = logits.std(0);
        last.bias!.sub_(mean).div_(deviation);
        last.weight!.div_(deviation.unsqueeze(1));
    }
}
