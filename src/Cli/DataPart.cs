using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli;

/// <summary>What a command wants of a data set: of one that is split, a part.</summary>
internal enum DataPart
{
    /// <summary>Images to train on.</summary>
    Train,

    /// <summary>Images to measure on while training; the test part where there is no such part.</summary>
    Validation,

    /// <summary>Images to measure a finished model on; the validation part where there is no such part.</summary>
    Test,
}

/// <summary>Takes parts of a data set that is split.</summary>
/// <param name="path">What the user gave.</param>
/// <param name="listed">What is in it.</param>
internal sealed class SplitDataSet(string path, ListedImages listed)
{
    private readonly (string Name, IReadOnlyList<LabelledImage> Images)[] _parts = [("train", listed.Train), ("val", listed.Validation), ("test", listed.Test)];

    /// <summary>Takes what is wanted, and says so.</summary>
    /// <param name="part">What is wanted.</param>
    /// <param name="withValidation">Whether to take the validation part too, where there is one.</param>
    /// <exception cref="CliException">There is no such part.</exception>
    public (IReadOnlyList<LabelledImage> Images, IReadOnlyList<LabelledImage> Validation) Take(DataPart part, bool withValidation)
    {
        string[] wanted = part switch { DataPart.Train => ["train"], DataPart.Validation => ["val", "test"], _ => ["test", "val"] };
        string taken = wanted.FirstOrDefault(name => Of(name).Count > 0)
            ?? throw new CliException($"'{path}' is split into {string.Join(" and ", Filled([]))}. Expected a part called {string.Join(" or ", wanted)}.");
        IReadOnlyList<LabelledImage> validation = withValidation ? Of("val") : [];
        string[] left = Filled(validation.Count > 0 ? [taken, "val"] : [taken]);
        Output.Say($"'{path}' is split: {taken} is taken ({Of(taken).Count:N0} images)"
            + (validation.Count > 0 ? $", val is measured on ({validation.Count:N0})" : "") + (left.Length > 0 ? $", {string.Join(" and ", left)} left alone" : ""));
        return (Of(taken), validation);
    }

    private IReadOnlyList<LabelledImage> Of(string name) => _parts.Single(part => part.Name == name).Images;

    private string[] Filled(string[] except) => [.. _parts.Where(part => part.Images.Count > 0 && !except.Contains(part.Name)).Select(part => part.Name)];
}
