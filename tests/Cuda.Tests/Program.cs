using Xunit.MicrosoftTestingPlatform;

namespace CnnTrainers.Cuda.Tests;

/// <summary>The tests that need an NVIDIA card, or one line that says why there is none.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (CnnDevice.Cuda().IsThere(out var why))
            return await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        Console.WriteLine($"No test was run, as there is no NVIDIA card to run them on: {why}");
        return 0;
    }
}
