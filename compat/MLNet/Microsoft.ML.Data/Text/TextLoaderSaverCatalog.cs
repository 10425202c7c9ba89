using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Loads text files and saves data as text.</summary>
public static class TextLoaderSaverCatalog
{
    /// <summary>A loader of lines with the given columns.</summary>
    /// <param name="dataSample">What open ranges and slot names are taken from.</param>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => CreateTextLoader(catalog, CreateOptions(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse), dataSample);

    /// <summary>A loader by options.</summary>
    public static TextLoader CreateTextLoader(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null)
    {
        Contracts.CheckValue(options, nameof(options));
        return new TextLoader(catalog.GetEnvironment(), options, dataSample);
    }

    /// <summary>A loader of the columns that the members of a class ask for.</summary>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, char separatorChar = '\t', bool hasHeader = false,
        IMultiStreamSource dataSample = null, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => CreateTextLoader(catalog, TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, dataSample, allowQuoting, trimWhitespace, allowSparse);

    /// <summary>A loader of the columns that the members of a class ask for, by options; their columns are replaced.</summary>
    public static TextLoader CreateTextLoader<TInput>(this DataOperationsCatalog catalog, TextLoader.Options options, IMultiStreamSource dataSample = null)
    {
        Contracts.CheckValue(options, nameof(options));
        options.Columns = TextLoader.ColumnsOf(typeof(TInput));
        return CreateTextLoader(catalog, options, dataSample);
    }

    /// <summary>The lines of a file as rows with the given columns.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Column[] columns, char separatorChar = '\t',
        bool hasHeader = false, bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => LoadFromTextFile(catalog, path, CreateOptions(columns, separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse));

    /// <summary>The lines of a file as rows of the columns that the members of a class ask for.</summary>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, char separatorChar = '\t', bool hasHeader = false,
        bool allowQuoting = false, bool trimWhitespace = false, bool allowSparse = false)
        => LoadFromTextFile(catalog, path, TextLoader.ColumnsOf(typeof(TInput)), separatorChar, hasHeader, allowQuoting, trimWhitespace, allowSparse);

    /// <summary>The lines of a file as rows, by options; without columns the file has to describe itself.</summary>
    public static IDataView LoadFromTextFile(this DataOperationsCatalog catalog, string path, TextLoader.Options options = null)
    {
        var source = OpenFile(path);
        return new TextLoader(catalog.GetEnvironment(), options ?? new TextLoader.Options(), source).Load(source);
    }

    /// <summary>The lines of a file as rows of the columns that the members of a class ask for, by options.</summary>
    public static IDataView LoadFromTextFile<TInput>(this DataOperationsCatalog catalog, string path, TextLoader.Options options)
    {
        var source = OpenFile(path);
        return CreateTextLoader<TInput>(catalog, options, source).Load(source);
    }

    /// <summary>Writes rows as lines.</summary>
    /// <param name="schema">Put lines on top that describe the file, so that it loads without columns.</param>
    /// <param name="keepHidden">Write hidden columns too.</param>
    /// <param name="forceDense">Write every field of every line, zeros too.</param>
    public static void SaveAsText(this DataOperationsCatalog catalog, IDataView data, Stream stream, char separatorChar = '\t', bool headerRow = true,
        bool schema = true, bool keepHidden = false, bool forceDense = false)
    {
        var env = catalog.GetEnvironment();
        env.CheckValue(data, nameof(data));
        env.CheckValue(stream, nameof(stream));
        new TextSaver(env, separatorChar, headerRow, schema, forceDense).Save(data, stream, keepHidden);
    }

    private static MultiFileSource OpenFile(string path)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        var source = new MultiFileSource(path);
        for (int i = 0; i < source.Count; i++)
        {
            if (!File.Exists(source.GetPathOrNull(i)))
                throw Contracts.ExceptParam(nameof(path), "File does not exist at path: {0}", source.GetPathOrNull(i));
        }
        return source;
    }

    private static TextLoader.Options CreateOptions(TextLoader.Column[] columns, char separator, bool hasHeader, bool allowQuoting, bool trimWhitespace, bool allowSparse) => new()
    {
        Columns = columns,
        Separators = [separator],
        HasHeader = hasHeader,
        AllowQuoting = allowQuoting,
        TrimWhitespace = trimWhitespace,
        AllowSparse = allowSparse,
    };
}
