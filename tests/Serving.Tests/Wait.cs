using System.Diagnostics;

namespace CnnTrainers.Serving.Tests;

internal static class Wait
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);

    public static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, _longest), "waited in vain: " + what);

    public static async Task Until(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
            Assert.True(watch.Elapsed < _longest, "waited in vain: " + what);
    }
}
