namespace Microsoft.ML.Data.IO;

/// <summary>How values of one type are laid out in the binary data view, described by a name and parameters.</summary>
internal interface IValueCodec
{
    string LoadName { get; }

    DataViewType Type { get; }

    /// <summary>Writes what the name does not say (key count, item type, dimensions); returns the number of bytes.</summary>
    int WriteParameterization(Stream stream);
}

/// <summary>Writes and reads blocks of values of one .NET type.</summary>
internal interface IValueCodec<T> : IValueCodec
{
    void WriteBlock(BinaryWriter writer, ReadOnlySpan<T> values);

    void ReadBlock(BinaryReader reader, Span<T> values);

    /// <summary>Hands a value out, without sharing arrays with the block that it stays in.</summary>
    void Copy(in T source, ref T destination);
}

/// <summary>A codec whose values hold no arrays.</summary>
internal abstract class PlainCodec<T>(string loadName, DataViewType type) : IValueCodec<T>
{
    public string LoadName => loadName;

    public DataViewType Type => type;

    public virtual int WriteParameterization(Stream stream) => 0;

    public abstract void WriteBlock(BinaryWriter writer, ReadOnlySpan<T> values);

    public abstract void ReadBlock(BinaryReader reader, Span<T> values);

    public void Copy(in T source, ref T destination) => destination = source;
}
