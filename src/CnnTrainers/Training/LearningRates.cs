namespace CnnTrainers.Training;

/// <summary>The learning rates of fits whose options give none.</summary>
internal static class LearningRates
{
    /// <summary>The schedule's highest rate: the optimizer's, or a tenth of it for networks without norms, which higher rates make diverge.</summary>
    public static double Default(CnnArchitecture architecture, CnnOptimizer optimizer) => optimizer.DefaultLearningRate * (architecture.HasNorms ? 1 : 0.1);
}
