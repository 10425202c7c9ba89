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
    private const int Passes = 24, Size = 224; // a tenth of a norm's statistics is new with each pass

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
                norm.running_var!.zero_(); // its 1 would outweigh, pass after pass, the small variances behind MobileNet's depthwise layers
            }
            // Those that are scored: behind many random layers others may all look alike.
            Tensor images = tensor(ScoringImages.Normalized(ScoringImages.Checked, new ImageShape(3, Size, Size)), [ScoringImages.Checked, 3, Size, Size]);
            made.train();
            for (int pass = 0; pass < Passes; pass++)
            {
                using var scope = NewDisposeScope();
                made.call(images.slice(0, pass % 2, ScoringImages.Checked, 2));
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
