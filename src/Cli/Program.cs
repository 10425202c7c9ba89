using System.CommandLine;
using System.Runtime.InteropServices;
using CnnTrainers.Cli;
using CnnTrainers.Cli.Commands;
using CnnTrainers.Cli.Running;

Launched.Prepare();
// A file may be called @photo.jpg.
RootCommand root = Root.Create();
ParseResult parsed = Parse(args);
try
{
    parsed = ConfigArguments.Merge(parsed, Parse);
}
catch (CliException e)
{
    if (Launched.IsFirst) Console.Error.WriteLine($"cnn: {e.Message}");
    return Launched.IsFirst ? e.ExitCode : ExitCode.Well;
}
if (parsed.Errors.Count > 0)
{
    if (!Launched.IsFirst) return ExitCode.Well; // an exit code of its own could make mpirun stop the first one before that says what is wrong
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"cnn: {error.Message}");
    string command = parsed.CommandResult.Command is RootCommand ? "" : " " + parsed.CommandResult.Command.Name;
    Console.Error.WriteLine($"Try: cnn{command} --help");
    return ExitCode.Usage;
}

// The first Ctrl-C (or SIGTERM) asks the command to stop and tidy up, however long that takes; the second one ends the process.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, stop.Token);

ParseResult Parse(IReadOnlyList<string> words) => root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
