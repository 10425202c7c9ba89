using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What cursors say and ask in common.</summary>
internal static class RowCursorUtils
{
    public const string FetchValueStateError = "Values cannot be fetched at this time. This method was called either before the first call to "
        + "MoveNext, or at any point after MoveNext returned false.";

    /// <summary>One flag a column of <paramref name="schema"/>: is it among <paramref name="columnsNeeded"/>?</summary>
    public static bool[] ActiveFlags(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded ?? [])
        {
            if (column.Index >= active.Length || schema[column.Index].Name != column.Name)
                throw Contracts.ExceptParam(nameof(columnsNeeded), $"Column '{column.Name}' is not in the schema.");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>Refuses a column that is out of range or was not asked for.</summary>
    public static void CheckActive(bool[] active, DataViewSchema.Column column)
    {
        if (column.Index >= active.Length || !active[column.Index])
            throw Contracts.ExceptParam(nameof(column), "requested column not active");
    }

    /// <summary>The getter under the type that was asked for; another type is refused.</summary>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter)
        => getter as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");

    /// <summary>The getter of a column as an untyped delegate, for the type that the column has.</summary>
    public static Delegate GetGetterAsDelegate(DataViewRow row, DataViewSchema.Column column)
        => Utils.MarshalInvoke(GetTyped<int>, column.Type.RawType, row, column);

    private static Delegate GetTyped<T>(DataViewRow row, DataViewSchema.Column column) => row.GetGetter<T>(column);
}
