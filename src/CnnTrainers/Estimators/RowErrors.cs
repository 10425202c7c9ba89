using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Estimators;

/// <summary>Says in errors which row is meant: its number, and the file where a column tells it.</summary>
internal static class RowErrors
{
    /// <summary>The text columns, such as ImagePath, that tell which file a row came from.</summary>
    public static IEnumerable<DataViewSchema.Column> FileColumns(DataViewSchema schema) => schema.Where(column =>
        !column.IsHidden && column.Type is TextDataViewType
        && (column.Name.Contains("path", StringComparison.OrdinalIgnoreCase) || column.Name.Contains("file", StringComparison.OrdinalIgnoreCase))).Take(1);

    /// <summary>A function that names the file of the row that a cursor stands on: empty where the row has none, null where no column tells it.</summary>
    public static Func<string?> FileOf(DataViewRow row)
    {
        var columns = FileColumns(row.Schema).Where(row.IsColumnActive).ToList();
        if (columns.Count == 0)
            return () => null;
        var getter = row.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        return () =>
        {
            var file = default(ReadOnlyMemory<char>);
            getter(ref file);
            return file.ToString();
        };
    }

    /// <summary>The error for a row without a usable image.</summary>
    /// <param name="column">The feature column.</param>
    /// <param name="row">The row, counted from 0.</param>
    /// <param name="file">The row's file, where known; empty where it has none.</param>
    /// <param name="cause">What happened; null where the row has no image at all.</param>
    public static InvalidOperationException Unusable(string column, long row, string? file, Exception? cause)
    {
        var root = cause is null ? null : Root(cause);
        file = (root as FileNotFoundException)?.FileName ?? file;
        // LoadPixels says which file it is and what is wrong with it.
        var saysAll = root?.Message.Contains("cannot be read as an image", StringComparison.Ordinal) == true && root.Message.Contains(file ?? "", StringComparison.Ordinal);
        var isDisposed = root is InvalidOperationException or ObjectDisposedException && root.Message.Contains("disposed", StringComparison.Ordinal); // ML.NET's word for an image that is gone
        var where = $"Column '{column}', row {row}{(file is null or "" || saysAll ? "" : $", file '{file}'")}";
        var what = root switch
        {
            null or InvalidDataException or InvalidOperationException when file == "" => "there is no image: its path is empty",
            null => "there is no image",
            _ when isDisposed => "the image was disposed before it was read. ML.NET's ResizeImages, ConvertToGrayscale and ExtractPixels dispose the images that they are given: "
                + "images in memory serve one fit; give the next one copies, or rows that make them anew whenever they are read",
            BadPixelsException => root.Message,
            _ when saysAll => root.Message,
            ArgumentException { ParamName: "imageStream" } => "the image cannot be read: it is damaged, or no image of a kind that ML.NET reads",
            _ => $"the image cannot be read: {root.Message}",
        };
        return new InvalidOperationException($"{where}: {what}", cause);
    }

    /// <summary>
    /// What to throw where rows could not be read. ML.NET's caches and parallel cursors put words of their own around what happened.
    /// </summary>
    public static Exception OfSource(Exception fault) => fault is InvalidOperationException { InnerException: not null } && BelongsToRow(Root(fault))
        ? new InvalidOperationException($"The rows cannot be read: {Root(fault).Message}", fault) : fault;

    private static Exception Root(Exception fault) => fault is InvalidOperationException { InnerException: { } inner } ? Root(inner) : fault;

    /// <summary>Whether an error tells of an image that cannot be read, which a trainer may skip.</summary>
    public static bool IsUnreadable(Exception? fault) => fault is not BadPixelsException;

    /// <summary>Whether an error belongs to its row; all others end the reading at once.</summary>
    public static bool BelongsToRow(Exception fault) => fault is not (OutOfMemoryException or OperationCanceledException or ObjectDisposedException);
}
