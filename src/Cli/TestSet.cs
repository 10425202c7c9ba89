using System.CommandLine;
using System.Globalization;
using Microsoft.ML;

namespace CnnTrainers.Cli;

/// <summary>What <c>--test</c> names: images that nothing learns from and nothing is chosen by. They are looked at before training and measured once, at the end.</summary>
internal sealed class TestSet
{
    private const int Named = 5;

    private readonly DataSet _data;

    private TestSet(DataSet data) => _data = data;

    public int Count => _data.Count;

    public static Option<string?> Option() => new("--test") { Description = "A data set to measure the saved model on, once, at the end; nothing is learned from it or chosen by it." };

    /// <summary>Looks at a data set; null where none is named.</summary>
    /// <param name="path">What the user gave; null: nothing.</param>
    /// <param name="train">The training images.</param>
    /// <param name="skipUnreadable">Whether files that cannot be read are left out.</param>
    /// <param name="cancel">Stops the looking.</param>
    /// <exception cref="CliException">None of its labels is a class of the training images.</exception>
    public static TestSet? Open(string? path, DataSet train, bool skipUnreadable, CancellationToken cancel)
    {
        if (path is null) return null;
        DataSet data = DataSet.OpenChecked(path, DataPart.Test, skipUnreadable ? Unreadable.Skipped : Unreadable.Skippable, cancel);
        HashSet<string> classes = [.. Enumerable.Range(0, train.Count).Select(train.LabelOf)];
        string[] unknown = [.. Enumerable.Range(0, data.Count).Select(data.LabelOf).Where(label => !classes.Contains(label))];
        string[] names = [.. unknown.Distinct()];
        string words = $"{string.Join(", ", names.Take(Named).Select(name => $"'{name}'"))}{(names.Length > Named ? $" and {names.Length - Named} more" : "")}";
        if (unknown.Length == data.Count) throw new CliException($"--test '{data.Path}' has no image of a class of '{train.Path}': its classes are {words}.");
        if (unknown.Length > 0) Output.Say($"{unknown.Length:N0} of {data.Count:N0} images of --test '{data.Path}' are of no class of '{train.Path}' and will not count: {words}");
        return new TestSet(data);
    }

    /// <summary>Measures a model as it was saved.</summary>
    public Result Measure(MLContext ml, string modelPath, CnnDevice device)
    {
        ITransformer model = ModelFile.Load(ml, modelPath, device, CnnPrecision.Float32, null, out _);
        using var owned = model as IDisposable;
        return new Result(_data.Path, Evaluation.Of(ml, model, _data));
    }

    /// <summary>What the model reaches.</summary>
    internal sealed record Result(string Path, Evaluation Evaluation)
    {
        public double Accuracy => Evaluation.Metrics.MicroAccuracy;

        public double MacroAccuracy => Evaluation.Metrics.MacroAccuracy;

        public double LogLoss => Evaluation.Metrics.LogLoss;

        /// <summary>Those that count.</summary>
        public int Images => Evaluation.Images - Evaluation.UnknownLabels;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"accuracy {Accuracy:0.0000}, mean over classes {MacroAccuracy:0.0000}, log loss {LogLoss:0.0000}, {Images:N0} images of {Path}");
    }
}
