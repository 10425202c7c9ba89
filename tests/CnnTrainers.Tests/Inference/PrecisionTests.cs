using CnnTrainers.Kernels;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Persistence;
using Microsoft.ML;

namespace CnnTrainers.Tests.Inference;

/// <summary>The precision of scoring, with and without the native library.</summary>
public class PrecisionTests
{
    private readonly MLContext _ml = Toy.Trained.Ml;

    [Fact]
    public void BFloat16IsChosenByAPropertyAndMovesProbabilitiesALittle()
    {
        using var cnn = Loaded();
        var data = Toy.Rows(_ml, 60);
        Assert.Same(CnnPrecision.Float32, cnn.Precision);
        var exact = Toy.Scores(cnn, data);

        cnn.Precision = CnnPrecision.BFloat16;
        var rounded = Toy.Scores(cnn, data);
        cnn.Precision = CnnPrecision.Float32;

        Assert.NotEqual(exact, rounded);
        Assert.All(exact.Zip(rounded), pair => Assert.Equal(pair.First, pair.Second, 0.03f));
        Assert.Equal(exact, Toy.Scores(cnn, data));
        Assert.Throws<ArgumentNullException>(() => cnn.Precision = null!);
    }

    [Fact]
    public void ItIsNotSaved()
    {
        using var cnn = Loaded();
        cnn.Precision = CnnPrecision.BFloat16;
        using var file = new MemoryStream();
        _ml.Model.Save(cnn, Toy.Rows(_ml, 1).Schema, file);
        file.Position = 0;
        using var loaded = (CnnTransformer)new MLContext().Model.Load(file, out _);
        Assert.Same(CnnPrecision.Float32, loaded.Precision);
    }

    [Fact]
    public void WithoutTheNativeLibraryScoresAreTheSame()
    {
        Assert.SkipUnless(KernelLibrary.IsThere, KernelLibrary.State);
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "toy.zip");
        _ml.Model.Save(Toy.Trained.Model, Toy.Rows(_ml, 1).Schema, path);

        var (with, without) = (ScoringProcess.Run(path), ScoringProcess.Run(path, ("CNN_KERNELS", "off")));

        Assert.All(with.Zip(without), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Directory.Delete(Path.GetDirectoryName(path)!, true);
    }

    private CnnTransformer Loaded()
    {
        using var file = new MemoryStream();
        _ml.Model.Save(Toy.CnnOf(Toy.Trained.Model), Toy.Rows(_ml, 1).Schema, file);
        file.Position = 0;
        return (CnnTransformer)_ml.Model.Load(file, out _);
    }
}
