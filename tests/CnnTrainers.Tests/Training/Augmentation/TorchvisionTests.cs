using System.Text.Json;
using CnnTrainers.Training;

namespace CnnTrainers.Tests.Training;

/// <summary>The operations on bytes against what torchvision makes of the same images; TestData/Augmentation has the recipe.</summary>
public class TorchvisionTests
{
    public sealed record Case(int[] Shape, string Name, double[] Arguments, int[] Pixels);

    private static readonly Lazy<IReadOnlyList<Case>> Cases = new(() => JsonSerializer.Deserialize<List<Case>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "TestData", "Augmentation", "augmentation.json")), JsonSerializerOptions.Web)!);

    public static TheoryData<string> Names => [.. Cases.Value.Select(one => one.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Names))]
    public void AnOperationGivesTorchvisionsPixels(string name)
    {
        foreach (var expected in Cases.Value.Where(one => one.Name == name))
        {
            var image = Image(new(expected.Shape[0], expected.Shape[1], expected.Shape[2]));
            Apply(image, expected);
            var distances = expected.Pixels.Zip(image.Pixels.ToArray(), (theirs, ours) => Math.Abs(theirs - ours)).ToList();
            var what = $"{name}({string.Join(", ", expected.Arguments)}) on {image.Shape}";
            Assert.True(distances.Max() <= 1, $"{what}: differs by {distances.Max()}");
            // By one where theirs cuts off and ours rounds (hue), and at the brink of rounding: half way (right angles), or unchanged (sharpness).
            var allowed = name is "hue" or "rotate" or "Sharpness" ? distances.Count : distances.Count / 50;
            Assert.True(distances.Sum() <= allowed, $"{what}: {distances.Sum()} values differ");
        }
    }

    [Fact]
    public void EveryOperationOfTrivialAugmentIsCompared() =>
        Assert.Empty(TrivialAugment.Operations.Select(operation => operation.Name).Except(Cases.Value.Select(one => one.Name)));

    internal static ImageBuffers<byte> Image(ImageShape shape)
    {
        var (image, plane) = (new ImageBuffers<byte>(shape), shape.Height * shape.Width);
        for (var i = 0; i < shape.Size; i++)
        {
            var source = i % plane % 11 == 0 ? i % plane : i;
            image.Pixels[i] = (byte)(source * source * 7 + source * 13);
        }
        return image;
    }

    private static void Apply(ImageBuffers<byte> image, Case one)
    {
        var by = one.Arguments;
        switch (one.Name)
        {
            case "brightness": Colours.Brightness(image, by[0]); break;
            case "contrast": Colours.Contrast(image, by[0]); break;
            case "saturation": Colours.Saturation(image, by[0]); break;
            case "sharpness": Colours.Sharpness(image, by[0]); break;
            case "hue": Hues.Turn(image, (float)by[0]); break;
            case "rotate": Warp.Rotation(by[0], image.Shape).Apply(image); break;
            case "resizedCrop": Resizing.Enlarge(image, new((int)by[0], (int)by[1], (int)by[2], (int)by[3])); break;
            default: TrivialAugment.Operations.Single(operation => operation.Name == one.Name).Run(image, (int)by[0], by[1] == 1); break;
        }
    }
}
