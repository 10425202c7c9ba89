using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns columns' distinct values and encodes each as a vector, or a key: a chain of value to key and key to vector.</summary>
public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    /// <summary>What a value becomes.</summary>
    public enum OutputKind : byte
    {
        /// <summary>An indicator vector; of a vector of values, the sum of their indicator vectors.</summary>
        Bag = 1,

        /// <summary>An indicator vector; of a vector of values, their indicator vectors one after another.</summary>
        Indicator = 2,

        /// <summary>A key.</summary>
        Key = 3,

        /// <summary>The key's bits, the high ones first.</summary>
        Binary = 4,
    }

    internal const OutputKind DefaultOutputKind = OutputKind.Indicator;

    private readonly ValueToKeyMappingEstimator _toKey;
    private readonly IEstimator<ITransformer> _toVector;

    internal OneHotEncodingEstimator(IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, OutputKind outputKind,
        int maximumNumberOfKeys, ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality, IDataView keyData)
    {
        var host = Contracts.CheckRef(env, nameof(env)).Register(nameof(OneHotEncodingEstimator));
        if (!Enum.IsDefined(outputKind))
            throw host.ExceptUserArg(nameof(outputKind), $"{outputKind} is no kind of output");
        _toKey = new ValueToKeyMappingEstimator(host, columns, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText: true, keyData);
        var outputs = Array.ConvertAll(columns, column => column.outputColumnName);
        _toVector = outputKind switch
        {
            OutputKind.Key => null,
            OutputKind.Binary => new KeyToBinaryVectorMappingEstimator(host, Array.ConvertAll(outputs, name => (name, name))),
            _ => new KeyToVectorMappingEstimator(host,
                Array.ConvertAll(outputs, name => new KeyToVectorMappingEstimator.ColumnOptions(name, name, outputKind == OutputKind.Bag))),
        };
    }

    public OneHotEncodingTransformer Fit(IDataView input) => new(_toVector is null
        ? new TransformerChain<ITransformer>(_toKey.Fit(input))
        : _toKey.Append(_toVector).Fit(input));

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var keys = _toKey.GetOutputSchema(inputSchema);
        return _toVector is null ? keys : _toVector.GetOutputSchema(keys);
    }
}
