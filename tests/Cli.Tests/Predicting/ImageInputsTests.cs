using CnnTrainers.Cli.Predicting;

namespace CnnTrainers.Cli.Tests.Predicting;

public sealed class ImageInputsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cnn-inputs-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void The_images_of_a_folder_come_in_natural_order_without_what_programs_leave_behind()
    {
        Make("10.jpg", "2.jpg", "1.PNG", "b 10/1.jpg", "b 9/1.jpg", ".hidden.jpg", ".git/1.jpg", "@eaDir/1.jpg", "__MACOSX/1.jpg", "Thumbs.db", "notes.md", "photo.heic");
        Assert.Equal(["1.PNG", "2.jpg", "10.jpg", "photo.heic", "b 9/1.jpg", "b 10/1.jpg"], Names(""));
    }

    [Fact]
    public void Links_are_followed_once_and_lead_no_way_back()
    {
        Make("a/1.jpg", "a/b/2.jpg");
        Directory.CreateSymbolicLink(In("a/b/back"), In("a"));
        Directory.CreateSymbolicLink(In("a/again"), In("a/b"));
        File.CreateSymbolicLink(In("a/link.jpg"), In("a/1.jpg"));
        Assert.Equal(["a/1.jpg", "a/link.jpg", "a/again/2.jpg"], Names("a"));
        Assert.Equal(["a/1.jpg", "a/link.jpg", "a/again/2.jpg"], Names("**/*.jpg"));
    }

    [Theory]
    [InlineData("*.jpg", "1.jpg 2.jpg")]
    [InlineData("?.jpg", "1.jpg 2.jpg")]
    [InlineData("[!1].jpg", "2.jpg")]
    [InlineData("[1-2].*", "1.jpg 2.jpg")]
    [InlineData("**", "1.jpg 2.jpg a/3.jpg a/b/4.png")]
    [InlineData("**/*.png", "a/b/4.png")]
    [InlineData("a/**/[34].{jpg,png}", "a/3.jpg a/b/4.png")]
    [InlineData("**/b/*", "a/b/4.png")]
    [InlineData("**/**/b/**/4*", "a/b/4.png")]
    [InlineData("*", "1.jpg 2.jpg a/3.jpg a/b/4.png")]
    [InlineData("*.dat", "x.dat")]
    [InlineData(".*.jpg", ".5.jpg")]
    [InlineData("a/../[1]*", "a/../1.jpg")]
    [InlineData("A/*.jpg", "")]
    public void Patterns_find_what_shells_find(string pattern, string expected)
    {
        Assert.SkipWhen(pattern[0] == 'A' && !OperatingSystem.IsLinux(), "case matters on Linux alone");
        Make("1.jpg", "2.jpg", "a/3.jpg", "a/b/4.png", "x.dat", ".5.jpg", ".c/6.jpg");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Names(pattern));
    }

    [Theory]
    [InlineData("none", "there is no image in the folder '{0}' (1 .pdf, 2 .txt)")]
    [InlineData("*.gif", "no file matches '{0}'")]
    [InlineData("empty.csv", "'{0}' lists no image")]
    [InlineData("bad.csv", "bad.csv, line 1: expected")]
    public void What_stands_for_no_image_is_said(string word, string fault)
    {
        Make("none/a.pdf", "none/b.txt", "none/c.txt", "empty.csv");
        File.WriteAllText(In("empty.csv"), "\n");
        File.WriteAllText(In("bad.csv"), "a,b,c\n");
        using var inputs = new ImageInputs([In(word)]);
        Assert.Empty(inputs.All());
        Assert.Contains(string.Format(fault, In(word)), Assert.Single(inputs.Faults));
    }

    [Fact]
    public void Images_come_while_a_folder_is_walked()
    {
        Make([.. Enumerable.Range(0, 5).Select(i => $"{i}/{i}.jpg")]);
        using var inputs = new ImageInputs([_root]);
        using IEnumerator<ImageInput> images = inputs.All().GetEnumerator();
        Assert.True(images.MoveNext());
        Directory.Delete(In("4"), recursive: true); // not reached yet
        int more = 0;
        while (images.MoveNext()) more++;
        Assert.Equal(3, more);
    }

    private string In(string path) => path.Length > 0 ? Path.Combine(_root, path) : _root;

    private void Make(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(In(file))!);
            File.WriteAllText(In(file), "x");
        }
    }

    private IEnumerable<string> Names(string word)
    {
        using var inputs = new ImageInputs([In(word)]);
        return [.. inputs.All().Select(image => image.Name[(_root.Length + 1)..])];
    }
}
