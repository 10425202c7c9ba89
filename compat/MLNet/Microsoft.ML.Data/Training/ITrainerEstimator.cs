namespace Microsoft.ML.Trainers;

/// <summary>An estimator that learns parameters, and says what it wants of its data.</summary>
public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
    where TTransformer : IPredictionTransformer<TModel>
    where TModel : class
{
    TrainerInfo Info { get; }
}
