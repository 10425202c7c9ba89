namespace CnnTrainers.Cli.Tests.Compat;

public sealed class MissingNativeLibraryTests
{
    // A copy of the program where no artifacts/native is above it: as if the library had been moved away.
    [Fact]
    public void Doctor_says_what_is_missing_and_how_to_get_it()
    {
        string copy = Directory.CreateTempSubdirectory("cnn-doctor-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            Tool.Result result = Tool.RunFrom(Path.Combine(copy, "cnn.dll"), "doctor");
            Assert.Equal(1, result.ExitCode);
            Assert.Contains("libcnntorch.so was not found", result.Errors);
            Assert.Contains("./cnn setup", result.Errors);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
