using CnnTrainers.Estimators;
using Microsoft.ML;

namespace CnnTrainers.Inference;

/// <summary>A data view with the network's outputs, computed while a cursor moves over it.</summary>
internal sealed class ScoringView(IDataView input, ScoringMap map) : IDataView
{
    public DataViewSchema Schema => map.OutputSchema;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return new ScoringCursor(map, input.GetRowCursor(Dependencies(columns), rand), columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return [.. input.GetRowCursorSet(Dependencies(columns), n, rand).Select(cursor => new ScoringCursor(map, cursor, columns))];
    }

    // The columns that name a row's file are read too, for errors.
    private List<DataViewSchema.Column> Dependencies(List<DataViewSchema.Column> columns)
    {
        var needed = map.GetDependencies(columns);
        return [.. columns.Exists(column => map.OutputOf(column) >= 0)
            ? needed.Concat(RowErrors.FileColumns(input.Schema)).DistinctBy(column => column.Index)
            : needed];
    }
}
