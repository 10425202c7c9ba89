namespace CnnTrainers.Training;

/// <summary>Which images a fit trains and validates on, and whether they will do.</summary>
internal static class TrainingData
{
    private const int Few = 5, MostNamed = 5;

    /// <summary>The given validation images, else the options' share of the training images, else none.</summary>
    public static (ImageSet Training, ImageSet? Validation) Split(PixelStore train, PixelStore? validation, CnnTrainerOptions options, int seed)
    {
        if (validation is not null)
            return (new(train), new(validation));
        var held = StratifiedSplit.HoldOut(train.Labels, options.ValidationFraction, seed);
        return held.Count == 0 ? (new(train), null) : ImageSet.Split(train, held);
    }

    /// <summary>Which classes have so few images that a network learns little about them; null where none has.</summary>
    public static string? FewImages(PixelStore images, IReadOnlyList<string> classNames)
    {
        var few = images.Labels.CountBy(label => label).Where(one => one.Value < Few).OrderBy(one => one.Value).ThenBy(one => one.Key).ToList();
        return few.Count == 0 ? null
            : $"Fewer than {Few} images of {string.Join(", ", few.Take(MostNamed).Select(one => $"{Name(one.Key, classNames)} ({one.Value})"))}"
                + $"{(few.Count > MostNamed ? $" and {few.Count - MostNamed} more classes" : "")}: a network learns little about so few, and what is measured on them says little.";
    }

    /// <summary>Throws where nothing can be learned from the images, and logs what will be learned badly.</summary>
    public static void Check(
        ImageSet training, ImageSet? validation, CnnTrainerOptions options, int classes, IReadOnlyList<string> classNames, Action<string> log)
    {
        if (training.Indices.Length < 2)
            throw new ArgumentException($"There {(training.Indices.Length == 1 ? "is 1 training image" : "are no training images")}; expected at least 2.");
        if (training.Store.Share is { Ranks: var ranks } && (training.Indices.Length < 2 * ranks.Size || options.BatchSize < 2 * ranks.Size))
            throw new ArgumentException(
                $"{(options.BatchSize < 2 * ranks.Size ? $"BatchSize is {options.BatchSize} images in total" : $"There are {training.Indices.Length} training images")} for {ranks.Size} processes; expected at least {2 * ranks.Size}, two for each.");
        if (validation is { Indices.Length: 0 })
            throw new ArgumentException("The validation set has no images.");
        if (validation is not null && validation.Store.Shape != training.Store.Shape)
            throw new ArgumentException($"The validation images are {validation.Store.Shape}; expected {training.Store.Shape} as the training images.");
        if (validation is null && options.Metric.NeedsValidation && WhatNeedsTheMetric(options) is { } option)
            throw new ArgumentException($"{option} needs validation: {(options.ValidationFraction > 0 ? "no class has a second image to set apart; " : "set ValidationFraction or ")}give a validation set, or take another Metric than {options.Metric}.");
        if (validation is null && options.ValidationFraction > 0)
            log("No class has a second image, so none is set apart for validation.");
        foreach (var set in validation is null ? [training] : new[] { training, validation })
            CheckLabels(set, classes);
        var missing = Enumerable.Range(0, classes).Except(training.Indices.Select(training.Store.LabelOf)).ToList();
        if (missing.Count > 0)
            log($"No training image has the class {string.Join(", ", missing.Take(10).Select(label => Name(label, classNames)))}{(missing.Count > 10 ? ", …" : "")}: it will never be predicted.");
    }

    private static string Name(int label, IReadOnlyList<string> classNames) => label < classNames.Count ? $"'{classNames[label]}'" : label.ToString();

    private static string? WhatNeedsTheMetric(CnnTrainerOptions options) =>
        options.EarlyStoppingPatience is not null ? nameof(options.EarlyStoppingPatience)
        : options.Schedule is PlateauSchedule ? "The plateau schedule" : null;

    private static void CheckLabels(ImageSet set, int classes)
    {
        foreach (var index in set.Indices)
        {
            if ((uint)set.Store.LabelOf(index) >= (uint)classes)
                throw new ArgumentException($"Image {index} has the label {set.Store.LabelOf(index)}; expected 0 to {classes - 1}.");
        }
    }
}
