using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using TorchSharp;

namespace CnnTrainers.Tests.Inference;

/// <summary>Counts live tensors, after those that earlier tests left are collected.</summary>
public class NetworkLifetimeTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static long Live => torch.Tensor.TotalCount;

    [Fact]
    public void A_fit_and_its_use_leave_no_tensors_behind()
    {
        var keyed = Toy.WithKeys(_ml, Toy.Rows(_ml, 40));
        var before = LiveTensors.Settled();

        var model = Fit(keyed);
        var trained = Live;
        Toy.Scores(model, keyed);
        var scored = Live;
        model.Dispose();

        Assert.Equal(before + 2 * Training.Toy.LeNetParameters, trained); // TorchSharp counts each twice
        Assert.Equal(trained, scored);
        LiveTensors.AssertNoneSince(before, Training.Toy.LeNetParameters);
    }

    [Fact]
    public void The_end_of_an_engine_frees_the_tensors_until_the_next_use()
    {
        var model = Fit(Toy.WithKeys(_ml, Toy.Rows(_ml, 40)));
        var before = LiveTensors.Settled();

        _ml.Model.CreatePredictionEngine<Toy.Row, Unnamed>(model).Dispose();
        Assert.Equal(before - Training.Toy.LeNetParameters, Live);

        Toy.Scores(model, Toy.Rows(_ml, 4)); // makes the network again
        LiveTensors.AssertNoneSince(before, Training.Toy.LeNetParameters);
        model.Dispose();
        LiveTensors.AssertNoneSince(before - Training.Toy.LeNetParameters, Training.Toy.LeNetParameters);
    }

    [Fact]
    public void A_callers_dispose_scope_does_not_take_the_network_with_it()
    {
        var data = Toy.Rows(_ml, 40);
        CnnTransformer model;
        using (torch.NewDisposeScope())
            model = Fit(Toy.WithKeys(_ml, data));

        Assert.Equal(120, Toy.Scores(model, data).Length);
        model.Dispose();
    }

    private CnnTransformer Fit(IDataView keyed) => _ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1 }).Fit(keyed);

    private sealed class Unnamed
    {
        public float[] Score { get; set; } = [];
    }
}
