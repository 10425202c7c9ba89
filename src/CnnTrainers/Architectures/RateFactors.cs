namespace CnnTrainers.Architectures;

/// <summary>
/// What the optimizers' default learning rates are multiplied with for an architecture. Norms let one rate do for all; without them each
/// family has its own. Measured on 10,000 images of Fashion-MNIST, batches of 64, 5 epochs: see <c>docs/training.md</c>.
/// </summary>
/// <param name="Sgd">For SGD.</param>
/// <param name="AdamW">For AdamW.</param>
internal readonly record struct RateFactors(double Sgd, double AdamW)
{
    /// <summary>For networks with norms.</summary>
    public static RateFactors Normed { get; } = new(1, 1);
}
