using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// Gives every row a number in [0, 1), by chance or from the value of a sampling key, and cuts the data by it.
/// The number of a row is the same at every pass: parts of one sampler never overlap, and together they are the whole.
/// </summary>
internal sealed class RowSampler
{
    private readonly IDataView _data;
    private readonly DataViewSchema.Column? _key;
    private readonly int _seed;

    public RowSampler(IHostEnvironment env, IDataView data, string samplingKeyColumn, int? seed)
    {
        _data = data;
        // Splits of one seeded context are the same split, whatever was drawn in between.
        _seed = seed ?? (env as IHostEnvironmentInternal)?.Seed ?? env.Register(nameof(RowSampler)).Rand.Next();
        if (samplingKeyColumn is not null)
            _key = data.Schema.GetColumnOrNull(samplingKeyColumn)
                ?? throw env.ExceptSchemaMismatch(nameof(samplingKeyColumn), "SamplingKeyColumn", samplingKeyColumn);
    }

    /// <summary>The rows whose number is in [lower, upper), or is not.</summary>
    public IDataView Part(double lower, double upper, bool complement)
        => _key is DataViewSchema.Column key
            ? new RowFilterDataView(_data, [key], row => Cut(RowHash.Create(row, key, _seed), lower, upper, complement))
            : new RowFilterDataView(_data, [], row => Cut(new Random(_seed).NextDouble, lower, upper, complement), inOrderOnly: true);

    private static Func<bool> Cut(Func<double> number, double lower, double upper, bool complement) => () =>
    {
        double value = number();
        return (lower <= value && value < upper) != complement;
    };
}
