using System.Diagnostics;
using CnnTrainers.Kernels;

namespace CnnTrainers.Tests.Kernels;

public class BoundsTests
{
    private static readonly string _root = Path.GetFullPath("../../../..", AppContext.BaseDirectory);

    [Fact]
    public void TheLoopsStayWithinTheirMemory()
    {
        Assert.SkipUnless(KernelLibrary.IsThere, KernelLibrary.State);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "AddressSanitizer as Linux has it");
        var output = Sh("""
            out=artifacts/bounds && SANITIZE=address native/build.sh $out &&
            ${CXX:-$(command -v g++ || command -v clang++)} -std=c++17 -O1 -g -fsanitize=address -Wno-psabi -Inative -o $out/bounds tests/CnnTrainers.Tests/Kernels/Bounds/bounds.cpp $out/objects/*.o -ldl -lpthread &&
            $out/bounds
            """);
        Assert.Equal([.. KernelFacts.InstructionSets.Select(set => $"instruction set {set}: nothing outside")], output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Sh(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", script]) { WorkingDirectory = _root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        return output;
    }
}
