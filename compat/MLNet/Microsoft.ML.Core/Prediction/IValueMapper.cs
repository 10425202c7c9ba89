namespace Microsoft.ML.Data;

/// <summary>Computes one value from another.</summary>
internal delegate void ValueMapper<TSrc, TDst>(in TSrc src, ref TDst dst);

/// <summary>Makes functions from features to scores; each may keep buffers, so a thread needs its own.</summary>
internal interface IValueMapper
{
    DataViewType InputType { get; }

    DataViewType OutputType { get; }

    ValueMapper<TSrc, TDst> GetMapper<TSrc, TDst>();
}
