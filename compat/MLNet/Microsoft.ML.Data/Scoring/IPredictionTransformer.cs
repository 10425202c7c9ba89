using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>A transformer that scores with learned parameters.</summary>
public interface IPredictionTransformer<out TModel> : ITransformer
    where TModel : class
{
    TModel Model { get; }
}

/// <summary>A transformer that scores one column of features.</summary>
public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel>
    where TModel : class
{
    string FeatureColumnName { get; }

    DataViewType FeatureColumnType { get; }
}

/// <summary>A transformer that scores one column of features, whatever its parameters.</summary>
internal interface ISingleFeaturePredictionTransformer : ITransformer
{
    string FeatureColumnName { get; }
}
