using CnnTrainers.LoadableTorch;

namespace CnnTrainers.Build.Tests.LoadableTorch;

/// <summary>Builds of a small project that gets TorchSharp's library without the package.</summary>
public sealed class TargetsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TargetsTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a build takes no library for Linux.");
        _folder.Write("nuget.config", "<configuration><packageSources><clear /></packageSources></configuration>");
        _folder.Write("Program.cs", "return;");
        _folder.Write("app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <UseAppHost>false</UseAppHost>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <_CnnLoadableTorch>{Places.LoadableTorch}</_CnnLoadableTorch>
              </PropertyGroup>
              <Target Name="AddLibrary" AfterTargets="ResolvePackageAssets" BeforeTargets="_CnnFindTorchLibrary">
                <ItemGroup>
                  <NativeCopyLocalItems Include="$(Library)/libLibTorchSharp.so" AssetType="native" CopyLocal="true" DestinationSubPath="libLibTorchSharp.so" />
                </ItemGroup>
              </Target>
              <Import Project="{Places.Repository}build/buildTransitive/CnnTrainers.targets" />
            </Project>
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_build_has_the_library_that_its_property_and_its_package_ask_for()
    {
        byte[] first = File.ReadAllBytes(Places.TorchLibrary), second = Libraries.Renamed(Places.TorchLibrary, "GLIBCXX_3.4.22", "GLIBCXX_3.4.20");
        string one = _folder.Write("one/libLibTorchSharp.so", first), two = _folder.Write("two/libLibTorchSharp.so", second);
        File.SetLastWriteTimeUtc(two, new DateTime(2020, 1, 1)); // a package's files keep their old times

        await Build("one", "true");
        AssertBuilt(Weak(one), optionSet: true);
        var made = File.GetLastWriteTimeUtc(Output);

        await Build("one", "true");
        Assert.Equal(made, File.GetLastWriteTimeUtc(Output));

        await Build("two", "true");
        AssertBuilt(Weak(two), optionSet: true);

        await Build("two", "false"); // from here on the output is a hard link to the package's file
        AssertBuilt(second, optionSet: false);

        await Build("two", "true");
        AssertBuilt(Weak(two), optionSet: true);
        Assert.Equal(second, File.ReadAllBytes(two));
    }

    [Fact]
    public async Task A_library_that_is_not_whole_is_an_error_of_the_build()
    {
        string cut = _folder.Write("cut/libLibTorchSharp.so", File.ReadAllBytes(Places.TorchLibrary)[..1_000_000]);

        var (exit, said) = await Try("cut", "auto");

        Assert.NotEqual(0, exit);
        Assert.Contains($"error CNN0001: {cut}: the file is not whole (1000000 bytes)", said);
    }

    [Fact]
    public async Task A_file_that_is_no_library_is_an_error_of_the_build()
    {
        string page = _folder.Write("page/libLibTorchSharp.so", "<html>Please log in</html>");

        var (exit, said) = await Try("page", "true");

        Assert.NotEqual(0, exit);
        Assert.Contains($"error CNN0001: {page}: expected a shared library of Linux (ELF)", said);
    }

    [Fact]
    public async Task Another_value_of_the_property_is_an_error_of_the_build()
    {
        var (exit, said) = await Try("none", "always");

        Assert.NotEqual(0, exit);
        Assert.Contains("error CNN0002: CnnOlderLinux is 'always', expected auto, true or false.", said);
    }

    private string Output => _folder["bin/Debug/net10.0/libLibTorchSharp.so"];

    private void AssertBuilt(byte[] library, bool optionSet)
    {
        Assert.Equal(library, File.ReadAllBytes(Output));
        Assert.Equal(optionSet, File.ReadAllText(_folder["bin/Debug/net10.0/app.runtimeconfig.json"]).Contains("\"CnnTrainers.MadeTorchLoadable\": true"));
    }

    private byte[] Weak(string library)
    {
        Program.Make(library, _folder["expected.so"], new HashSet<string>());
        return File.ReadAllBytes(_folder["expected.so"]);
    }

    private Task Build(string library, string olderLinux) => DotNet.Run(_folder.Path, Arguments(library, olderLinux));

    private Task<(int Exit, string Said)> Try(string library, string olderLinux) => DotNet.Try(_folder.Path, Arguments(library, olderLinux));

    private string[] Arguments(string library, string olderLinux) =>
        ["build", "-nologo", "-tl:off", $"-p:Library={_folder[library]}", $"-p:CnnOlderLinux={olderLinux}"];
}
