namespace CnnTrainers.Cli;

/// <summary>The checkout that this tool was built in, where there is one.</summary>
internal static class Checkout
{
    /// <summary>The full path of a file of the checkout, or null.</summary>
    public static string? Find(string relativePath)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CnnTrainers.sln")))
                return Path.Combine(folder.FullName, relativePath);
        return null;
    }
}
