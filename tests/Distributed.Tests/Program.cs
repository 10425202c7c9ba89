using System.Reflection;
using Xunit.MicrosoftTestingPlatform;

namespace CnnTrainers.Distributed.Tests;

/// <summary>The tests; or, where <see cref="Mpirun"/> starts it, one process of a run of theirs.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Mpirun.Part, var name, .. var rest])
            return await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        try
        {
            typeof(Parts).GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, [rest]);
            return 0;
        }
        catch (TargetInvocationException fault)
        {
            Console.Error.WriteLine($"{fault.InnerException!.GetType().Name}: {fault.InnerException.Message}");
            if (Environment.GetEnvironmentVariable("CNN_DEBUG") is not null)
                Console.Error.WriteLine(fault.InnerException);
            return 1;
        }
    }
}
