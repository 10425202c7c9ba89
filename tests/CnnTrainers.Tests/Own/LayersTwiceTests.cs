using CnnTrainers.Tests.Training;
using CnnTrainers.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Net = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnTrainers.Tests.Own;

/// <summary>One layer in two places of a network.</summary>
public class LayersTwiceTests
{
    [Fact]
    public void Its_parameters_are_changed_once_a_step()
    {
        using var network = new Twice(nn.Linear(3, 3));

        Assert.Equal(2, new TrainableLayers(network, new CnnTrainerOptions()).Trained.Count);
    }

    [Fact]
    public void Averages_that_go_in_and_out_leave_the_weights()
    {
        using var noGrad = no_grad();
        using var network = new Twice(nn.Linear(1, 1, hasBias: false));
        var weight = network.parameters().Single();
        weight.fill_(1);
        using var average = new WeightAverage(network, 0.9);
        weight.fill_(2);
        average.Update();

        average.Swap();
        var averaged = weight.item<float>();
        average.Swap();

        Assert.NotEqual(2, averaged);
        Assert.Equal(2, weight.item<float>());
    }

    [Fact]
    public void Settled_norms_average_over_both_places()
    {
        using var scope = NewDisposeScope();
        using var images = Toy.Images(16);
        var norm = nn.BatchNorm2d(1);
        using var network = nn.Sequential(new Twice(norm), nn.Flatten(), nn.Linear(256, 2));
        network.train();
        var options = Toy.Options with { BatchSize = 16 };
        using var inputs = TrainingInputs.Create(
            network, new TrainableLayers(network, options), new ImageSet(images), null, 2, Normalization.Identity(1), options, _ => { }, seed: 1);
        Assert.True(Validation.SettleNorms(network, inputs, epoch: 1));

        // The one batch, and then what the norm made of it, whose mean is 0.
        var mean = inputs.Training.Epoch(1).Select(batch => batch.Images.mean().item<float>()).Single();
        Assert.Equal(mean * 0.9f / 1.9f, norm.running_mean!.item<float>(), mean * 1e-3f);
    }

    [Fact]
    public void A_norm_that_is_passed_by_keeps_its_averages()
    {
        using var images = Toy.Images(16);
        var idle = nn.BatchNorm2d(1);
        using var network = nn.Sequential(new PassedBy(idle), nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(256, 2));
        network.train();
        using var inputs = TrainingInputs.Create(
            network, new TrainableLayers(network, Toy.Options), new ImageSet(images), null, 2, Normalization.Identity(1), Toy.Options, _ => { }, seed: 1);

        Validation.SettleNorms(network, inputs, epoch: 1);

        Assert.Equal((0f, 1f), (idle.running_mean!.item<float>(), idle.running_var!.item<float>()));
    }

    private sealed class Twice : Net
    {
        private readonly Net first, second;

        public Twice(Net layer) : base("twice")
        {
            (first, second) = (layer, layer);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => second.call(first.call(x));
    }

    private sealed class PassedBy : Net
    {
        private readonly Net layer;

        public PassedBy(Net layer) : base("passed by")
        {
            this.layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => x.alias();
    }
}
