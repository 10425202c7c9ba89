namespace CnnTrainers.Bench.Accuracy;

/// <summary>A training run on real data, as anyone can repeat it with <c>cnn</c>, and what it should reach on the test images.</summary>
/// <param name="Name">What it is called on the command line, and its page.</param>
/// <param name="Title">The page's heading.</param>
/// <param name="Data">Where the images are.</param>
/// <param name="Arguments">What <c>cnn train</c> is told, beside data and output.</param>
/// <param name="Bar">The test accuracy it should reach.</param>
/// <param name="Minutes">In how many minutes; null where any will do.</param>
internal sealed record AccuracyCase(string Name, string Title, RealData Data, string Arguments, double Bar, double? Minutes)
{
    private const string Fashion =
        "--arch resnet18 --preset fast --image-size 64 --epochs 10 --batch-size 128 --learning-rate 0.1 --validation-fraction 0 --seed 1 --option RandomCropPadding=4 --option TestTimeAugmentation=shift-flip";

    public static IReadOnlyList<AccuracyCase> All { get; } =
    [
        new("fashion-bfloat16", "resnet18 on Fashion-MNIST, bfloat16", RealData.FashionMnist, Fashion + " --option Precision=bfloat16", 0.935, 30),
        new("fashion-float32", "resnet18 on Fashion-MNIST, float32", RealData.FashionMnist, Fashion + " --option Precision=float32", 0.935, null),
        new("mnist", "resnet18 on MNIST", RealData.Mnist,
            "--arch resnet18 --preset standard --no-flip --image-size 32 --epochs 5 --batch-size 128 --learning-rate 0.1 --validation-fraction 0 --seed 1 --option Precision=bfloat16", 0.995, 10),
        new("densenet", "densenet_small on Fashion-MNIST at 96×96", RealData.FashionMnist,
            "--arch densenet_small --preset fast --image-size 96 --epochs 3 --batch-size 64 --validation-fraction 0 --seed 1 --option Precision=bfloat16", 0.91, null),
    ];
}
