namespace Microsoft.ML.Data;

/// <summary>Files, or things like files, that a loader reads one after another.</summary>
public interface IMultiStreamSource
{
    int Count { get; }

    string GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}
