using System.Text.Json;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Tests;

public sealed class PreviewTests(ImageFolderFixture fixture) : IClassFixture<ImageFolderFixture>
{
    [Fact]
    public void Mixed_images_are_drawn_with_the_shares_of_their_classes()
    {
        JsonElement json = Drawn("mixed.png", "--mixup", "0.4").Json;
        Assert.Equal(6, json.GetProperty("images").GetArrayLength());
        JsonElement[] mixed = [.. json.GetProperty("images").EnumerateArray().Where(image => image.GetProperty("learnedAs").GetArrayLength() == 2)];
        Assert.NotEmpty(mixed);
        Assert.All(mixed, image => Assert.Equal(1, image.GetProperty("learnedAs").EnumerateArray().Sum(one => one.GetProperty("share").GetDouble()), 5));
        Assert.Contains("mixup alpha 0.4", json.GetProperty("changes").EnumerateArray().Select(change => change.GetString()));
    }

    [Fact]
    public void Beside_an_image_stands_the_same_one_as_it_is_read()
    {
        Drawn("before.png", "--before", "--option", "RandomResizedCrop=none", "--option", "RandomHorizontalFlip=false");
        using MLImage picture = MLImage.CreateFromFile(Path.Combine(fixture.Root, "before.png"));
        const int gap = 12, top = 34, side = 128, between = 4; // images of 32 pixels four times as large
        for (int y = 0; y < side; y += 5)
            for (int x = 0; x < side; x += 5)
                Assert.Equal(Pixel(picture, gap + x, top + y), Pixel(picture, gap + side + between + x, top + y));
        Assert.NotEqual(Pixel(picture, gap, top), Pixel(picture, 2, 2));
    }

    [Fact]
    public void One_seed_gives_one_picture_and_another_another()
    {
        byte[] first = Bytes("first.png", "1");
        Assert.Equal(first, Bytes("again.png", "1"));
        Assert.NotEqual(first, Bytes("other.png", "2"));
    }

    [Theory]
    [InlineData(1, "nowhere", "--out", "x.png")]
    [InlineData(2, "--count is 0, expected 1 to 256", "--count", "0")]
    [InlineData(2, "does not exist", "--out", "/nowhere/x.png")]
    [InlineData(2, "a decimal point, no comma", "--mixup", "0,2")]
    public void Wrong_input_is_named(int code, string expected, params string[] arguments)
    {
        Tool.Result result = Tool.Run(["preview", expected == "nowhere" ? "nowhere" : fixture.Images, .. arguments]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(expected, result.Errors);
    }

    private byte[] Bytes(string name, string seed)
    {
        Drawn(name, "--seed", seed);
        return File.ReadAllBytes(Path.Combine(fixture.Root, name));
    }

    private Tool.Result Drawn(string name, params string[] arguments)
    {
        Tool.Result result = Tool.Run(["preview", fixture.Images, "--image-size", "32", "--count", "6", "--out", Path.Combine(fixture.Root, name), "--json", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }

    private static (byte, byte, byte) Pixel(MLImage image, int x, int y)
    {
        int at = 4 * (y * image.Width + x);
        return (image.Pixels[at], image.Pixels[at + 1], image.Pixels[at + 2]);
    }
}
