namespace CnnTrainers.Training;

/// <summary>A part of a fit: on some of the images, up to the end of an epoch. The next part goes on from its checkpoint.</summary>
/// <param name="Training">The images to learn from.</param>
/// <param name="Held">The images to validate on; null: it is a probe.</param>
/// <param name="LastEpoch">The epoch, from 1, after which the part ends.</param>
/// <param name="IsOver">Asked before every step: whether the part ends now. What was reached is validated and counts.</param>
/// <param name="LocalRank">This process's number among those of the machine that train something: a device left open is the card of that number.</param>
internal sealed record TrainingPart(ImageSet Training, ImageSet? Held, int LastEpoch, Func<bool> IsOver, int LocalRank = 0)
{
    /// <summary>Whether its steps only show how long a trial will take: they come before all others, and nothing is measured after them.</summary>
    public bool IsProbe => Held is null;
}
