using CnnTrainers.Kernels;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Tests.Kernels;

/// <summary>The kernels in a process of its own, which says line by line what it sees.</summary>
public class KernelProcess
{
    /// <summary>The process: this assembly with <c>kernels</c>.</summary>
    /// <param name="collections">How often the garbage is collected meanwhile, at least.</param>
    internal static void Run(int collections)
    {
        var ml = new MLContext(seed: 1);
        var rows = Toy.Rows(ml, 24, seed: 3);
        var options = Toy.Options with { Epochs = 2, BatchSize = 4, ValidationFraction = 0 };
        var trainer = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.Cnn(ResNetVariant.ResNet18, options));
        TorchSharp.torch.rand(8, 8).Dispose();
        Console.WriteLine($"before a fit: {KernelLibrary.IsInstalled}");

        var done = false;
        var collector = new Thread(() =>
        {
            var count = 0;
            for (; count < collections || (collections > 0 && !Volatile.Read(ref done)); count++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Console.WriteLine($"collections: {count >= collections}");
        });
        collector.Start();
        for (var i = 0; i < 2 || collector.ThreadState != System.Threading.ThreadState.Stopped; i++)
        {
            using var model = trainer.Fit(rows);
            var scores = model.Transform(rows).GetColumn<float[]>("Score").SelectMany(score => score).ToList();
            if (scores.Count == 0 || scores.Any(score => !float.IsFinite(score)))
                Console.WriteLine("no finite scores");
            Volatile.Write(ref done, i > 0);
        }
        collector.Join();
        Console.WriteLine($"after fits: {KernelLibrary.IsInstalled}");
    }

    [Fact]
    public void AReferenceInstallsNothingAndFitsSurviveCollections() =>
        Assert.Equal(["before a fit: False", "collections: True", $"after fits: {KernelLibrary.IsThere}"], ScoringProcess.Lines(["kernels", KernelLibrary.IsThere ? "1000" : "0"]));

    // Without kernels no collections: TorchSharp's own norm makes a number for its count of batches, which one of them may end too early.
    [Fact]
    public void TurnedOffAFitDoesWithoutThem() =>
        Assert.Equal(["before a fit: False", "collections: True", "after fits: False"], ScoringProcess.Lines(["kernels", "0"], ("CNN_KERNELS", "off")));

    [Fact]
    public void TheMemoryAloneCanBeTurnedOff() =>
        Assert.Equal(["before a fit: False", "collections: True", $"after fits: {KernelLibrary.IsThere}"], ScoringProcess.Lines(["kernels", KernelLibrary.IsThere ? "100" : "0"], ("CNN_MEMORY", "off")));
}
