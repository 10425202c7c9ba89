using CnnTrainers.Pipelines.Checking;

namespace CnnTrainers.Pipelines.Tests.Checking;

public sealed class LikePicturesTests
{
    // 300 pictures, each four times with some noise: much alike where the noise is weak.
    private static SmallPicture[] Pictures()
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 1200).Select(_ => random.Next(300)).Select(seed =>
        {
            var own = new Random(seed);
            (int a, int b, int level, int noise) = (own.Next(-6, 7), own.Next(-6, 7), own.Next(60, 190), own.Next(1, 6));
            byte[] pixels = new byte[SmallPicture.Bytes];
            for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)Math.Clamp(level + a * (i % 16 - 8) + b * (i / 16 % 16 - 8) + random.Next(-noise, noise + 1), 0, 255);
            return new SmallPicture(pixels);
        })];
    }

    [Fact]
    public void It_finds_what_comparing_each_with_each_finds()
    {
        SmallPicture[] pictures = Pictures();
        List<int> first = [], again = [];
        for (int i = 0; i < pictures.Length; i++)
            if (!pictures[i].IsPlain) (first.Exists(one => pictures[one].IsLike(pictures[i])) ? again : first).Add(i);
        IReadOnlyList<IReadOnlyList<int>> groups = LikePictures.Groups(pictures, TestContext.Current.CancellationToken);
        Assert.InRange(again.Count, 100, 1000);
        Assert.Equal(again, groups.SelectMany(group => group.Skip(1)).Order());
        Assert.All(groups, group => Assert.All(group.Skip(1), i => Assert.True(pictures[group[0]].IsLike(pictures[i]))));
    }
}
