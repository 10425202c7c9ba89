using System.CommandLine;
using System.Diagnostics;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn setup</c>: runs the checkout's set-up script, which also serves before there is a built tool.</summary>
internal static class SetupCommand
{
    public static Command Create()
    {
        var build = new Option<string>("--build")
        {
            Description = "Which build: packages, compat, a folder of ML.NET's assemblies, or auto, which tries the published packages first.",
            HelpName = "auto|packages|compat|FOLDER",
            DefaultValueFactory = _ => "auto",
        };
        var command = new Command("setup", "Install what is missing, choose the build and build it (in a checkout).") { build };
        command.SetBody((parsed, _) => Run(parsed.GetValue(build)!));
        return command;
    }

    private static int Run(string build)
    {
        string? script = Checkout.Find("build/setup.sh");
        if (script is null || OperatingSystem.IsWindows())
            throw new CliException("set-up belongs to a checkout of the sources: run ./cnn setup (cnn.ps1 setup on Windows) there.");
        using Process process = Process.Start(new ProcessStartInfo("bash", [script, "--again", "--build", build]))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? ExitCode.Well : ExitCode.Failed;
    }
}
