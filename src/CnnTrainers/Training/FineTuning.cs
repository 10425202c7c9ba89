namespace CnnTrainers.Training;

/// <summary>Whether the options that continue from trained weights can be followed.</summary>
internal static class FineTuning
{
    /// <summary>Throws where the file of weights is missing or the network has no such layer.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">There is no such layer; the message lists those there are.</exception>
    public static void Check(CnnArchitecture architecture, ImageShape images, int classes, CnnTrainerOptions options)
    {
        InitialWeights.Check(options);
        if (options.TrainableFrom is null or CnnTrainerOptions.Head)
            return;
        using var network = architecture.CreateBlankNetwork(images, classes);
        _ = new TrainableLayers(network, options);
    }
}
