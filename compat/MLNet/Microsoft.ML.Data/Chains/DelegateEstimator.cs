using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>An estimator that hands what it fitted to a delegate.</summary>
internal sealed class DelegateEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : class, ITransformer
{
    private readonly IEstimator<TTransformer> _estimator;
    private readonly Action<TTransformer> _onFit;

    public DelegateEstimator(IEstimator<TTransformer> estimator, Action<TTransformer> onFit)
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckValue(onFit, nameof(onFit));
        _estimator = estimator;
        _onFit = onFit;
    }

    public TTransformer Fit(IDataView input)
    {
        var transformer = _estimator.Fit(input);
        _onFit(transformer);
        return transformer;
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _estimator.GetOutputSchema(inputSchema);
}
