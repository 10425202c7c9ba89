using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Data views in ML.NET's own binary format, which keeps types, annotations and sparsity.</summary>
public static class BinaryLoaderSaverCatalog
{
    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, IMultiStreamSource fileSource)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckValue(fileSource, nameof(fileSource));
        env.CheckParam(fileSource.Count == 1, nameof(fileSource), "Must be one file");
        return new BinaryLoader(env, fileSource.Open(0), leaveOpen: false);
    }

    public static IDataView LoadFromBinary(this DataOperationsCatalog catalog, string path)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckNonEmpty(path, nameof(path));
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            return new BinaryLoader(env, stream, leaveOpen: false);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public static void SaveAsBinary(this DataOperationsCatalog catalog, IDataView data, Stream stream, bool keepHidden = false)
    {
        IHostEnvironment env = catalog.GetEnvironment();
        env.CheckValue(data, nameof(data));
        env.CheckValue(stream, nameof(stream));
        DataSaverUtils.SaveDataView(env, new BinarySaver(env, new BinarySaver.Arguments()), data, stream, keepHidden);
    }
}
