using System.CommandLine;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn</c> itself: all commands.</summary>
internal static class Root
{
    /// <summary>The commands; those of one process share their options, so it is made once.</summary>
    public static RootCommand Create() => new("Train, evaluate and use convolutional networks on folders of images.")
    {
        CheckCommand.Create(),
        TrainCommand.Create(),
        CompareCommand.Create(),
        PreviewCommand.Create(),
        FindRateCommand.Create(),
        EvaluateCommand.Create(),
        PredictCommand.Create(),
        ExplainCommand.Create(),
        EmbedCommand.Create(),
        SimilarCommand.Create(),
        ServeCommand.Create(),
        ExportCommand.Create(),
        BenchmarkCommand.Create(),
        ListCommand.Create(),
        SummaryCommand.Create(),
        InspectCommand.Create(),
        DemoCommand.Create(),
        DoctorCommand.Create(),
    };
}
