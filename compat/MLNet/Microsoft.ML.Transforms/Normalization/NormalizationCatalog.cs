using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that bring numbers to a common range.</summary>
public static class NormalizationCatalog
{
    /// <summary>Divides by the largest magnitude; without <paramref name="fixZero"/>, brings the least value to 0 and the largest to 1.</summary>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog,
        string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount,
        bool fixZero = NormalizingEstimator.DefaultEnsureZeroUntouched)
        => MinMax(catalog, [new InputOutputColumnPair(outputColumnName, inputColumnName ?? outputColumnName)], maximumExampleCount, fixZero);

    /// <inheritdoc cref="NormalizeMinMax(TransformsCatalog, string, string, long, bool)"/>
    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount,
        bool fixZero = NormalizingEstimator.DefaultEnsureZeroUntouched)
        => MinMax(catalog, columns, maximumExampleCount, fixZero);

    /// <summary>
    /// Divides by the root mean square; without <paramref name="fixZero"/>, takes the mean away and divides by the standard deviation;
    /// with <paramref name="useCdf"/>, gives the share of the normal distribution that lies below the value.
    /// </summary>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog,
        string outputColumnName, string inputColumnName = null,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount,
        bool fixZero = NormalizingEstimator.DefaultEnsureZeroUntouched,
        bool useCdf = NormalizingEstimator.DefaultMeanVarianceUseCdf)
        => MeanVariance(catalog, [new InputOutputColumnPair(outputColumnName, inputColumnName ?? outputColumnName)], maximumExampleCount, fixZero, useCdf);

    /// <inheritdoc cref="NormalizeMeanVariance(TransformsCatalog, string, string, long, bool, bool)"/>
    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog,
        InputOutputColumnPair[] columns,
        long maximumExampleCount = NormalizingEstimator.DefaultMaximumExampleCount,
        bool fixZero = NormalizingEstimator.DefaultEnsureZeroUntouched,
        bool useCdf = NormalizingEstimator.DefaultMeanVarianceUseCdf)
        => MeanVariance(catalog, columns, maximumExampleCount, fixZero, useCdf);

    private static NormalizingEstimator MinMax(TransformsCatalog catalog, InputOutputColumnPair[] columns, long maximumExampleCount, bool fixZero)
    {
        Contracts.CheckNonEmpty(columns, nameof(columns));
        return new(CatalogUtils.GetEnvironment(catalog), Array.ConvertAll(columns,
            pair => new NormalizingEstimator.MinMaxColumnOptions(pair.OutputColumnName, pair.InputColumnName, maximumExampleCount, fixZero)));
    }

    private static NormalizingEstimator MeanVariance(TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount, bool fixZero, bool useCdf)
    {
        Contracts.CheckNonEmpty(columns, nameof(columns));
        return new(CatalogUtils.GetEnvironment(catalog), Array.ConvertAll(columns,
            pair => new NormalizingEstimator.MeanVarianceColumnOptions(pair.OutputColumnName, pair.InputColumnName, maximumExampleCount, fixZero, useCdf)));
    }
}
