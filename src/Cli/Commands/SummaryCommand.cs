using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn summary</c>: the layers of an architecture, their shapes and what they cost.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        var arch = new Argument<string>("arch") { Description = "The architecture; cnn list names them." };
        var channels = CommonOptions.Positive<int>("--channels", "Channels of the image. Default: the architecture's.");
        var classes = CommonOptions.Number("--classes", "Number of classes.", _ => 1000, value => value >= 2, "at least 2");
        var size = CommonOptions.ImageSize("64, or 48x64 for height x width. Default: the architecture's.");
        var depth = CommonOptions.Positive("--depth", "How deep modules inside modules are shown.", _ => int.MaxValue);
        var batch = CommonOptions.Positive("--batch-size", "The batch that memory for activations is given for.", _ => 64);
        var json = CommonOptions.Json();
        var command = new Command("summary", "Show the layers of a network: output shapes, parameters, multiply-accumulates, memory.")
            { arch, channels, classes, size, depth, batch, json };
        command.SetBody((parsed, _) =>
        {
            CnnArchitecture architecture = TrainCommand.Architecture(parsed.GetValue(arch)!);
            (int height, int width) = TrainCommand.ImageSize(parsed.GetValue(size), architecture);
            int inputChannels = parsed.GetResult(channels) is null ? architecture.DefaultChannels : parsed.GetValue(channels);
            NetworkSummary summary = NetworkSummary.Of(architecture, new ImageShape(inputChannels, height, width), parsed.GetValue(classes));
            Print(summary, architecture, parsed.GetValue(classes), parsed.GetValue(depth), parsed.GetValue(batch), new Output(parsed.GetValue(json)));
            return ExitCode.Well;
        });
        return command;
    }

    private static void Print(NetworkSummary summary, CnnArchitecture architecture, int classes, int depth, int batch, Output output)
    {
        LayerSummary[] layers = [.. summary.Layers.Where(l => l.Depth <= depth)];
        Table table = new Table().Border(TableBorder.Simple).AddColumn("layer").AddColumn("kind")
            .AddColumn(new TableColumn("output shape").RightAligned()).AddColumn(new TableColumn("parameters").RightAligned())
            .AddColumn(new TableColumn("MACs").RightAligned());
        foreach (LayerSummary l in layers)
            table.AddRow(new string(' ', 2 * (l.Depth - 1)) + Markup.Escape(l.Name[(l.Name.LastIndexOf('.') + 1)..]), l.Kind, l.OutputText, Number(l.Parameters), Number(l.MultiplyAccumulates));
        output.Line($"{architecture.Name} on {summary.Input}, {classes} classes. A module's figures include those of the modules inside it.");
        output.Table(table);
        output.Line($"parameters               {Number(summary.Parameters)} ({Size.Bytes(summary.ParameterBytes)})");
        output.Line($"multiply-accumulates     {Number(summary.MultiplyAccumulates)} an image (MACs; {Number(summary.Flops)} FLOPs)");
        output.Line($"activations              {Size.Bytes(summary.ActivationBytes(1))} an image, {Size.Bytes(summary.ActivationBytes(batch))} a batch of {batch}");
        output.Result(new
        {
            architecture = architecture.Name,
            input = (int[])[summary.Input.Channels, summary.Input.Height, summary.Input.Width],
            classes,
            parameters = summary.Parameters,
            multiplyAccumulates = summary.MultiplyAccumulates,
            flops = summary.Flops,
            parameterBytes = summary.ParameterBytes,
            batchSize = batch,
            activationBytes = summary.ActivationBytes(batch),
            layers = layers.Select(l => new { l.Name, l.Kind, l.Depth, l.OutputShape, l.Parameters, l.MultiplyAccumulates }),
        });
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
