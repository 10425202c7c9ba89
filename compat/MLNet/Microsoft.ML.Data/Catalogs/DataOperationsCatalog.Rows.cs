using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The data with what was read of it kept in memory, for several passes.</summary>
    /// <param name="columnsToPrefetch">Columns to take along at the first pass, whatever it asks for.</param>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        return new CacheDataView(_env, input, columnsToPrefetch);
    }

    /// <summary>The rows whose value is in [<paramref name="lowerBound"/>, <paramref name="upperBound"/>).</summary>
    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        var column = FilterColumn(input, columnName);
        _env.CheckParam(lowerBound <= upperBound, nameof(upperBound), "Must be no less than lowerBound");
        if (column.Type is not NumberDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        return new RowFilterDataView(input, [column], row => RowPredicates.InRange(row, column, lowerBound, upperBound));
    }

    /// <summary>The rows whose key is in a part of all the keys, from 0 to 1; missing keys are in none.</summary>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        var column = FilterColumn(input, columnName);
        _env.CheckParam(lowerBound is >= 0 and <= 1, nameof(lowerBound), "Must be in [0, 1]");
        _env.CheckParam(upperBound is >= 0 and <= 2, nameof(upperBound), "Must be in [0, 2]");
        _env.CheckParam(lowerBound <= upperBound, nameof(upperBound), "Must be no less than lowerBound");
        if (column.Type is not KeyDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "key", column.Type.ToString());
        return new RowFilterDataView(input, [column], row => RowPredicates.InRange(row, column, lowerBound, upperBound));
    }

    /// <summary>The rows that have no missing value in any of the columns: no NaN, no key 0.</summary>
    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columns, nameof(columns));
        DataViewSchema.Column[] watched = [.. columns.Select(name => FilterColumn(input, name))];
        foreach (var column in watched)
        {
            if (!RowPredicates.HasMissing(column.Type))
                throw _env.ExceptUserArg(nameof(columns), "Column '{0}' has type {1} which does not support missing values, so we cannot filter on it", column.Name, column.Type);
        }
        return new RowFilterDataView(input, watched, row => RowPredicates.NothingMissing(row, watched));
    }

    /// <summary>The rows in an order drawn by chance, the same at every pass.</summary>
    /// <param name="shufflePoolSize">Rows held at a time to draw the next one from.</param>
    /// <param name="shuffleSource">Have the input shuffle too, where it can.</param>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffleDataView(input, seed ?? _env.Register("Shuffle").Rand.Next(), shufflePoolSize, shuffleSource);
    }

    /// <summary>The first rows.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, 0, count);
    }

    /// <summary>All but the first rows.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(input, count, long.MaxValue);
    }

    private DataViewSchema.Column FilterColumn(IDataView input, string name)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(name, "columnName");
        return input.Schema.GetColumnOrNull(name) ?? throw _env.ExceptSchemaMismatch("columnName", "filter", name);
    }
}
