using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnTrainers.Tests.Estimators;

/// <summary>The contract of estimators for every form that a feature column can have.</summary>
public abstract class CnnTrainerContract(string feature) : EstimatorContract
{
    // Batches of other sizes may take other kernels, whose sums differ in the last bits.
    protected override float Tolerance => 1e-5f;

    protected override bool HasOneMessage => true;

    protected override IEstimator<ITransformer> MakeEstimator() => ML.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with
    {
        FeatureColumnName = feature, Epochs = 1, ImageShape = new ImageShape(3, Toy.Size, Toy.Size),
    });

    protected override IDataView MakeData()
    {
        var rows = Toy.WithKeys(ML, Toy.Rows(ML, 34));
        return ML.Transforms.SelectColumns("ImagePath", "Label", feature).Fit(rows).Transform(rows);
    }

    protected override IEnumerable<IDataView> BadData()
    {
        var rows = Toy.WithKeys(ML, Toy.Rows(ML, 3));
        yield return ML.Transforms.DropColumns(feature).Fit(rows).Transform(rows);
        foreach (var wrong in new[] { "ImagePath", "Number", "Label" })
            yield return ML.Transforms.CopyColumns(feature, wrong).Fit(rows).Transform(rows);
    }

    [Fact]
    public void ALabelThatIsNoKeyIsRefusedBeforeAndAtTheFit()
    {
        var rows = Toy.Rows(ML, 3);
        var before = Assert.Throws<ArgumentOutOfRangeException>(() => MakeEstimator().GetOutputSchema(MLNetInternals.ShapeOf(rows.Schema)));
        Assert.Equal(before.Message, Assert.Throws<ArgumentOutOfRangeException>(() => MakeEstimator().Fit(rows)).Message);
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        var data = MakeData();
        var before = LiveTensors.Settled();
        var model = MakeEstimator().Fit(data);
        Assert.Equal(34, model.Transform(data).GetColumn<float[]>("Score").Count());
        Assert.NotEqual(before, torch.Tensor.TotalCount);
        ((IDisposable)model).Dispose();
        LiveTensors.AssertNoneSince(before, parametersMade: Training.Toy.LeNetParameters);
    }
}

public sealed class PlanarFloatsContract() : CnnTrainerContract("Pixels");

public sealed class InterleavedFloatsContract() : CnnTrainerContract("Interleaved");

public sealed class BytesContract() : CnnTrainerContract("Bytes");

public sealed class FlatFloatsContract() : CnnTrainerContract("Flat");

public sealed class ImagesContract() : CnnTrainerContract("Image");

public sealed class EstimatorContractsTests
{
    [Fact]
    public void EveryEstimatorHasAContractTest() =>
        Assert.Empty(ContractCheck.WithoutContract(typeof(EstimatorContractsTests).Assembly, typeof(CnnTrainer).Assembly));
}
