using System.Text.RegularExpressions;

namespace CnnTrainers.Build.Tests.Packages;

/// <summary>The programs of examples/single-file, which need no project.</summary>
[Collection(nameof(PackedProgram))]
public sealed partial class SingleFileTests(PackedProgram packed)
{
    private static readonly string _examples = Path.Combine(Places.Repository, "examples/single-file");

    private static string First => File.ReadAllText(Path.Combine(_examples, "first.cs")).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("README.md")]
    [InlineData("src/CnnTrainers/README.md")]
    public void The_first_is_the_program_of_the_readme(string page) => Assert.EndsWith($"\n{PackedProgram.Shown(page)}", First);

    [Fact]
    public async Task The_first_runs_on_the_packages_with_the_lines_that_it_says()
    {
        string program = Directive().Replace(Ours().Replace(First, ""), "#:");
        string file = packed.Folder.Write("one file/first.cs", PackedProgram.Smaller(program));
        Assert.Equal(4, program.Split('\n').Count(line => line.StartsWith("#:")));

        string said = await DotNet.Run(packed.WithImages("for first"), "run", "-c", "Release", file);

        Assert.Equal(["100.0 % of the images that it has not seen are right"], PackedProgram.Lines(said.Replace("100.0%", "100.0 %")));
        Assert.True(File.Exists(packed.Folder["for first/flowers.zip"]));
    }

    [Fact]
    public async Task The_others_use_its_model()
    {
        await packed.Trained;
        string image = Path.Combine(packed.Project, "flowers/light/0.png"), folder = packed.WithImages("for others");

        string predicted = await DotNet.Run(folder, Run("predict.cs", image));
        string explained = await DotNet.Run(folder, Run("explain.cs", image));

        Assert.StartsWith($"{image}: light (", predicted);
        Assert.StartsWith("0.light.png: light (", explained);
        Assert.True(File.Exists(Path.Combine(folder, "0.light.png")));
    }

    private string[] Run(string program, string image) =>
        ["run", "-c", "Release", Path.Combine(_examples, program), "--", Path.Combine(packed.Project, "flowers.zip"), image];

    [GeneratedRegex(@"^#:.*\n", RegexOptions.Multiline)]
    private static partial Regex Ours();

    [GeneratedRegex("^//   #:", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
