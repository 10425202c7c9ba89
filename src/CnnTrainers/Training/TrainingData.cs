namespace CnnTrainers.Training;

/// <summary>Which images a fit trains and validates on, and whether they will do.</summary>
internal static class TrainingData
{
    /// <summary>The given validation images, else a random share of the training images by the options, else none.</summary>
    public static (ImageSet Training, ImageSet? Validation) Split(PixelStore train, PixelStore? validation, CnnTrainerOptions options, int seed)
    {
        if (validation is not null || options.ValidationFraction == 0)
            return (new(train), validation is null ? null : new(validation));
        var order = new SplitMix(seed).Permutation(train.Count);
        var held = Math.Clamp((int)Math.Round(train.Count * options.ValidationFraction), Math.Min(1, train.Count), train.Count);
        return (new(train, order[held..]), new(train, order[..held]));
    }

    /// <summary>Which images a seed sets apart for validation.</summary>
    public static int[] Held(int images, int held, int seed) => new SplitMix(seed).Permutation(images)[..held];

    /// <summary>Throws where nothing can be learned from the images, and logs what will be learned badly.</summary>
    public static void Check(
        ImageSet training, ImageSet? validation, CnnTrainerOptions options, int classes, IReadOnlyList<string> classNames, Action<string> log)
    {
        if (training.Indices.Length < 2)
            throw new ArgumentException($"There are {training.Indices.Length} training images; expected at least 2.");
        if (validation is { Indices.Length: 0 })
            throw new ArgumentException("The validation set has no images.");
        if (validation is not null && validation.Store.Shape != training.Store.Shape)
            throw new ArgumentException($"The validation images are {validation.Store.Shape}; expected {training.Store.Shape} as the training images.");
        if (validation is null && options.Metric.NeedsValidation && WhatNeedsTheMetric(options) is { } option)
            throw new ArgumentException($"{option} needs validation: set ValidationFraction or give a validation set, or take another Metric than {options.Metric}.");
        foreach (var set in validation is null ? [training] : new[] { training, validation })
            CheckLabels(set, classes);
        var missing = Enumerable.Range(0, classes).Except(training.Indices.Select(training.Store.LabelOf)).ToList();
        if (missing.Count > 0)
            log($"No training image has the class {string.Join(", ", missing.Take(10).Select(Name))}{(missing.Count > 10 ? ", …" : "")}: it will never be predicted.");

        string Name(int label) => label < classNames.Count ? $"'{classNames[label]}'" : label.ToString();
    }

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
