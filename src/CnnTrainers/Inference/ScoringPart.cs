namespace CnnTrainers.Inference;

/// <summary>What of a network is computed.</summary>
internal enum ScoringPart
{
    /// <summary>All of it: its outputs for the classes.</summary>
    Logits,

    /// <summary>What its last layer gets.</summary>
    Features,
}
