using System.CommandLine;
using CnnTrainers.Cli;
using CnnTrainers.Cli.Commands;

var root = new RootCommand("Train, evaluate and use convolutional networks on folders of images.")
{
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    PredictCommand.Create(),
    ListCommand.Create(),
    SummaryCommand.Create(),
    DemoCommand.Create(),
    DoctorCommand.Create(),
    SetupCommand.Create(),
};
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"cnn: {error.Message}");
    string command = parsed.CommandResult.Command is RootCommand ? "" : " " + parsed.CommandResult.Command.Name;
    Console.Error.WriteLine($"Try: cnn{command} --help");
    return ExitCode.Usage;
}
return await parsed.InvokeAsync();
