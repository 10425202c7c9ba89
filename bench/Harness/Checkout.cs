namespace CnnTrainers.Bench.Harness;

/// <summary>The checkout that this program was built in.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    public static string PathOf(params string[] parts) => Path.Combine([Root, "bench", .. parts]);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CnnTrainers.sln")))
                return folder.FullName;
        throw new BenchException("The checkout that holds bench/ was not found above the program.");
    }
}
