namespace CnnTrainers.Pipelines;

/// <summary>What every report has. <see cref="HtmlReport.Write"/> makes a page of it; parts without data are left out.</summary>
public abstract record Report
{
    private protected Report() { }

    /// <summary>The title of the page, such as "resnet18 on flowers".</summary>
    public required string Title { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>The command that repeats the run, as it is typed in a shell. Default none.</summary>
    public string Command { get; init; } = "";

    /// <summary>The options of the run, in the order in which they are shown. Default none.</summary>
    public IReadOnlyList<ReportFact> Settings { get; init; } = [];

    /// <summary>The versions of what ran: of the library, of .NET, of the machine. Default none.</summary>
    public IReadOnlyList<ReportFact> Versions { get; init; } = [];

    /// <summary>What the model (of a comparison: the best one) predicts for images that it was not trained on. Default null: not evaluated.</summary>
    public ReportEvaluation? Evaluation { get; init; }

    /// <summary>Training images as the network sees them, augmented, with their class names. Default none.</summary>
    public IReadOnlyList<ReportPicture> Samples { get; init; } = [];
}

/// <summary>A setting or a version: a name and what it is.</summary>
/// <param name="Name">What it is called, such as "batch size".</param>
/// <param name="Value">Its value as a reader wants to see it.</param>
public sealed record ReportFact(string Name, string Value);

/// <summary>A picture in a report.</summary>
/// <param name="Png">The picture as the bytes of a PNG file. About 100×100 pixels are enough: of larger ones fewer are shown, so that the page stays below 5 MB.</param>
/// <param name="Caption">What stands below it, such as its class or its file.</param>
public sealed record ReportPicture(ReadOnlyMemory<byte> Png, string Caption)
{
    /// <summary>The picture with the places marked that the network looked at (Grad-CAM), as the bytes of a PNG file. Default none.</summary>
    public ReadOnlyMemory<byte> GradCam { get; init; }

    /// <summary>A small picture of an image file, upright and whole; null where it cannot be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="caption">What stands below it.</param>
    public static ReportPicture? OfFile(string path, string caption)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(caption);
        using var thumbnails = new Checking.Thumbnails();
        return thumbnails.Of(path) is { } png ? new ReportPicture(png, caption) : null;
    }
}

/// <summary>One epoch of a training run.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainLoss">The mean loss over the training images.</param>
/// <param name="TrainAccuracy">The share of training images named right, 0 to 1.</param>
public sealed record ReportEpoch(int Epoch, double TrainLoss, double TrainAccuracy)
{
    /// <summary>The mean loss over the validation images. Default null: not validated.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The share of validation images named right, 0 to 1. Default null: not validated.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The learning rate at the epoch's end. Default null: not known.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Training images per second. Default null: not known.</summary>
    public double? ImagesPerSecond { get; init; }
}
