using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Feeds the rows of one column to its statistics, up to the number of rows that was asked for.</summary>
internal abstract class ColumnFunctionBuilder
{
    /// <summary>Takes the current row; false once there were enough.</summary>
    public abstract bool ProcessRow();

    public abstract ColumnFunction Build();

    public static ColumnFunctionBuilder Create(DataViewRow row, DataViewSchema.Column column, NormalizingEstimator.ColumnOptions options)
        => Utils.MarshalInvoke(Create<float>, column.Type.GetItemType().RawType, row, column, options);

    private static ColumnFunctionBuilder Create<T>(DataViewRow row, DataViewSchema.Column column, NormalizingEstimator.ColumnOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
        => new ColumnFunctionBuilder<T>(row, column, options);
}

/// <inheritdoc/>
internal sealed class ColumnFunctionBuilder<T> : ColumnFunctionBuilder
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly bool _isVector;
    private readonly int _size;
    private readonly SlotStatistics<T> _statistics;
    private readonly Action _read;
    private VBuffer<T> _values;
    private long _remaining;

    public ColumnFunctionBuilder(DataViewRow row, DataViewSchema.Column column, NormalizingEstimator.ColumnOptions options)
    {
        _isVector = column.Type is VectorDataViewType;
        _size = column.Type.GetValueCount();
        _statistics = options.MakeStatistics<T>(_size);
        _read = _isVector ? MakeVectorReader(row, column) : MakeScalarReader(row, column);
        _remaining = options.MaximumExampleCount;
    }

    private Action MakeVectorReader(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        return () => getter(ref _values);
    }

    private Action MakeScalarReader(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var one = new T[1];
        _values = new VBuffer<T>(1, one);
        return () => getter(ref one[0]);
    }

    public override bool ProcessRow()
    {
        if (_remaining == 0)
            return false;
        _remaining--;
        _read();
        if (_values.Length != _size)
            throw Contracts.Except($"Normalizer expected {_size} slots but got {_values.Length}");
        _statistics.Add(_values);
        return true;
    }

    public override ColumnFunction Build() => _statistics.MakeFunction(_isVector);
}

/// <summary>What is gathered of each slot over the rows. NaN counts nowhere; what a sparse row does not store is 0.</summary>
internal abstract class SlotStatistics<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    protected long Rows { get; private set; }

    public void Add(in VBuffer<T> row)
    {
        Rows++;
        var values = row.GetValues();
        var indices = row.GetIndices();
        for (int i = 0; i < values.Length; i++)
            Add(values[i], row.IsDense ? i : indices[i]);
    }

    protected abstract void Add(T value, int slot);

    public abstract ColumnFunction MakeFunction(bool isVector);
}
