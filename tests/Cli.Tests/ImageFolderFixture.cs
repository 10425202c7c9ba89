using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Tests;

/// <summary>A folder of small colour photographs, PNG and JPEG of mixed sizes, in three classes that colour tells apart; and a model trained on them.</summary>
public sealed class ImageFolderFixture : IDisposable
{
    private static readonly (string Name, byte R, byte G, byte B)[] _classes = [("blue", 40, 60, 200), ("green", 40, 180, 60), ("red", 200, 50, 40)];

    public ImageFolderFixture()
    {
        Root = Directory.CreateTempSubdirectory("cnn-cli-tests-").FullName;
        var random = new Random(3);
        foreach ((string name, byte r, byte g, byte b) in _classes)
        {
            Directory.CreateDirectory(Path.Combine(Images, name));
            for (int i = 0; i < 16; i++) Write(Path.Combine(Images, name, $"{i:00}{(i % 2 == 0 ? ".png" : ".jpg")}"), 24 + random.Next(40), 24 + random.Next(40), r, g, b, random);
        }
        Model = Path.Combine(Root, "model.zip");
        Training = Tool.Run("train", Images, "--arch", "lenet5", "--image-size", "32", "--epochs", "6", "--batch-size", "8", "--validation-fraction", "0", "--seed", "1", "--out", Model, "--json");
    }

    public string Root { get; }

    public string Images => Path.Combine(Root, "images");

    public string Model { get; }

    internal Tool.Result Training { get; }

    /// <summary>A copy of the images that a test may spoil.</summary>
    public string Copy()
    {
        string copy = Path.Combine(Root, Guid.NewGuid().ToString("N"));
        foreach (string file in Directory.EnumerateFiles(Images, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Images, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Write(string path, int width, int height, byte r, byte g, byte b, Random random)
    {
        byte[] pixels = new byte[4 * width * height];
        for (int i = 0; i < pixels.Length; i += 4)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (Noisy(r), Noisy(g), Noisy(b), 255);
        }
        using MLImage image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
        byte Noisy(byte value) => (byte)Math.Clamp(value + random.Next(-40, 41), 0, 255);
    }
}
