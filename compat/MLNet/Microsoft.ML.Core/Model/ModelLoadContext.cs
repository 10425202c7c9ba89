using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where a component reads what it wrote into a <see cref="ModelSaveContext"/>.</summary>
internal sealed partial class ModelLoadContext : IDisposable
{
    public const string ModelStreamName = "Model.key";
    internal const string NameBinary = "Model.bin";

    public readonly RepositoryReader Repository;
    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string[] Strings;
    public readonly string LoaderAssemblyName;
    public readonly long FpMin;
    internal ModelHeader Header;
    private readonly Repository.Entry _entry;
    private readonly IExceptionContext _ectx;

    internal ModelLoadContext(RepositoryReader rep, Repository.Entry ent, string dir)
    {
        Contracts.CheckValue(rep, nameof(rep));
        Contracts.CheckValue(ent, nameof(ent));
        _ectx = rep.ExceptionContext;
        _entry = ent;
        Repository = rep;
        Directory = dir ?? "";
        Reader = new BinaryReader(ent.Stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            ModelHeader.BeginRead(out FpMin, out Header, out Strings, out LoaderAssemblyName, Reader);
        }
        catch (FormatException exception)
        {
            ent.Dispose();
            throw _ectx.ExceptDecode(exception, $"Corrupt model file, entry '{ent.Path}': {exception.Message}");
        }
    }

    internal ModelLoadContext(BinaryReader reader, IExceptionContext ectx = null)
    {
        ectx.CheckValue(reader, nameof(reader));
        _ectx = ectx;
        Reader = reader;
        ModelHeader.BeginRead(out FpMin, out Header, out Strings, out LoaderAssemblyName, Reader);
    }

    public bool InRepository => Repository is not null;

    public void CheckAtModel() =>
        _ectx.Check(Reader.BaseStream.Position == FpMin + Header.FpModel, "Something was read before the model's version was checked");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => ModelHeader.CheckVersionInfo(ref Header, ver);

    /// <summary>A number of items that follow in the payload, of which each takes some bytes at least: what cannot be is refused before memory is taken.</summary>
    internal int ReadCount(int leastBytes, int least = 0)
    {
        int count = Reader.ReadInt32();
        long left = FpMin + Header.FpModel + Header.CbModel - Reader.BaseStream.Position;
        _ectx.CheckDecode(count >= least && (long)count * leastBytes <= left, $"Corrupt model file: a count of {count}, where {left} bytes are left");
        return count;
    }

    public string LoadStringOrNull()
    {
        int id = Reader.ReadInt32();
        _ectx.CheckDecode(id >= -1 && id < Strings.Length, "Corrupt model file: a string's number is out of range");
        return id < 0 ? null : Strings[id];
    }

    public string LoadString() => LoadStringOrNull() ?? throw _ectx.ExceptDecode("Corrupt model file: a string is missing");

    public string LoadNonEmptyString()
    {
        string value = LoadString();
        _ectx.CheckDecode(value.Length > 0, "Corrupt model file: a string is empty");
        return value;
    }

    public bool TryLoadTextStream(string name, Action<TextReader> action)
    {
        _ectx.CheckNonEmpty(name, nameof(name));
        _ectx.CheckValue(action, nameof(action));
        using Repository.Entry entry = Repository?.OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new StreamReader(entry.Stream, leaveOpen: true);
        action(reader);
        return true;
    }

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        _ectx.CheckNonEmpty(name, nameof(name));
        _ectx.CheckValue(action, nameof(action));
        using Repository.Entry entry = Repository?.OpenEntryOrNull(Directory, name);
        if (entry is null)
            return false;
        using var reader = new BinaryReader(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(reader);
        return true;
    }

    public bool TryProcessSubModel(string dir, Action<ModelLoadContext> action)
    {
        _ectx.CheckNonEmpty(dir, nameof(dir));
        _ectx.CheckValue(action, nameof(action));
        string path = SubDirectory(dir);
        Repository.Entry entry = Repository?.OpenEntryOrNull(path, ModelStreamName);
        if (entry is null)
            return false;
        using var ctx = new ModelLoadContext(Repository, entry, path);
        action(ctx);
        return true;
    }

    public bool ContainsModel(string name)
    {
        using Repository.Entry entry = string.IsNullOrEmpty(name) ? null : Repository?.OpenEntryOrNull(SubDirectory(name), ModelStreamName);
        return entry is not null;
    }

    /// <summary>Checks that the payload was read to its end.</summary>
    public void Done() => ModelHeader.EndRead(FpMin, ref Header, Reader);

    public void Dispose() => _entry?.Dispose();

    private string SubDirectory(string name) => string.IsNullOrEmpty(Directory) ? name : $"{Directory}/{name}";
}
