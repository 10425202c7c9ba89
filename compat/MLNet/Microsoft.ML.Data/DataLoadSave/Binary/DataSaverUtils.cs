using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Chooses the columns to save.</summary>
internal static class DataSaverUtils
{
    /// <summary>Columns whose type the format does not have are left out; of hidden ones it is for the caller to say.</summary>
    public static void SaveDataView(IHostEnvironment env, BinarySaver saver, IDataView view, Stream stream, bool keepHidden = false)
    {
        int[] columns = view.Schema
            .Where(column => (keepHidden || !column.IsHidden) && saver.IsColumnSavable(column.Type))
            .Select(column => column.Index).ToArray();
        env.Check(columns.Length > 0, "No valid columns to save");
        saver.SaveData(stream, view, columns);
    }
}
