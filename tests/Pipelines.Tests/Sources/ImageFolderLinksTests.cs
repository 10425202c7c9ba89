using System.Diagnostics;

namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class ImageFolderLinksTests : IDisposable
{
    private readonly TemporaryFolder _data = new(), _elsewhere = new();

    public ImageFolderLinksTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        _data.File("daisy/1.jpg");
        _data.File("rose/2.jpg");
    }

    public void Dispose()
    {
        _data.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public void Linked_files_and_class_folders_are_followed_and_have_the_label_of_where_the_link_lies()
    {
        File.CreateSymbolicLink(In("rose/3.jpg"), _elsewhere.File("daisies/9.jpg"));
        _elsewhere.File("tulips/1.jpg");
        _elsewhere.File("tulips/deep/2.jpg");
        Directory.CreateSymbolicLink(In("tulip"), Path.Combine(_elsewhere.Path, "tulips"));
        Assert.Equal(["daisy daisy/1.jpg", "rose rose/2.jpg", "rose rose/3.jpg", "tulip tulip/1.jpg", "tulip tulip/deep/2.jpg"], Listed());
    }

    [Fact]
    public void Loops_are_cut()
    {
        Directory.CreateSymbolicLink(In("daisy/up"), "..");
        Directory.CreateSymbolicLink(In("rose/here"), ".");
        Directory.CreateSymbolicLink(In("rose/above"), Path.GetDirectoryName(_data.Path)!);
        Assert.Equal(["daisy daisy/1.jpg", "rose rose/2.jpg"], Listed());
        Assert.Equal(["3 links back to folders above them (up, …)"], ImageFolder.List(_data.Path).PassedOver);
    }

    [Fact]
    public void An_image_is_listed_once_however_many_links_lead_to_it()
    {
        File.CreateSymbolicLink(In("daisy/rose.jpg"), In("rose/2.jpg"));
        Directory.CreateSymbolicLink(In("daisy/roses"), In("rose"));
        string outside = _elsewhere.File("shared/3.jpg");
        File.CreateSymbolicLink(In("daisy/3.jpg"), outside);
        File.CreateSymbolicLink(In("rose/3.jpg"), outside);
        Directory.CreateSymbolicLink(In("shared"), Path.Combine(_elsewhere.Path, "shared"));
        Directory.CreateSymbolicLink(In("tulip"), Path.Combine(_elsewhere.Path, "shared"));
        Assert.Equal(["daisy daisy/1.jpg", "rose rose/2.jpg", "shared shared/3.jpg"], Listed());
    }

    [Fact]
    public void A_broken_link_is_named()
    {
        File.CreateSymbolicLink(In("rose/3.jpg"), "/gone/3.jpg");
        Directory.CreateSymbolicLink(In("tulip"), "/gone/tulip");
        File.CreateSymbolicLink(In("circle"), In("circle"));
        ListedImages listed = ImageFolder.List(_data.Path, absolutePaths: true);
        Assert.Equal(["2 links that lead nowhere (circle, …)"], listed.PassedOver);
        ImageFault fault = ImageFile.Faults([.. listed.Images.Select(image => image.ImagePath)]).Single(fault => fault.Path == In("rose/3.jpg"));
        Assert.Equal("it is a link to '/gone/3.jpg', which does not exist", fault.Reason);
    }

    [Fact]
    public void Names_that_are_no_UTF8_are_named_as_such()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems refuse such names.");
        Bash("touch \"$1/rose/caf\"$'\\xe9'.jpg");
        string file = Assert.Single(ImageFolder.Read(_data.Path, absolutePaths: true), image => image.ImagePath.Contains("caf")).ImagePath;
        Assert.Contains("not valid UTF-8", ImageFile.Fault(file));
        Bash("mkdir \"$1/caf\"$'\\xe9'");
        string message = Assert.Throws<InvalidDataException>(() => ImageFolder.Read(_data.Path)).Message;
        Assert.Contains("not valid UTF-8", message);
        Bash("rm -r \"$1\"/caf* \"$1\"/rose/caf*");
    }

    private string In(string path) => Path.Combine(_data.Path, path);

    private IEnumerable<string> Listed() => ImageFolder.Read(_data.Path).Select(image => $"{image.Label} {image.ImagePath}");

    private void Bash(string command)
    {
        using Process process = Process.Start("bash", ["-c", command, "bash", _data.Path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
