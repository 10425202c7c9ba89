using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// Where a component writes itself: a model stream, and in a repository further streams and sub-models beside it.
/// The order of calls is <see cref="CheckAtModel"/>, <see cref="SetVersionInfo"/>, then the payload through <see cref="Writer"/>.
/// </summary>
public sealed class ModelSaveContext : IDisposable
{
    internal readonly RepositoryWriter Repository;
    internal readonly string Directory;
    internal readonly BinaryWriter Writer;
    internal readonly NormStr.Pool Strings = new();
    internal ModelHeader Header;
    internal readonly long FpMin;
    private readonly Repository.Entry _entry;
    private readonly IExceptionContext _ectx;
    private string _loaderAssemblyName;
    private bool _done;

    internal ModelSaveContext(RepositoryWriter rep, string dir, string name)
    {
        Contracts.CheckValue(rep, nameof(rep));
        _ectx = rep.ExceptionContext;
        Repository = rep;
        Directory = dir ?? "";
        _entry = rep.CreateEntry(Directory, name);
        Writer = new BinaryWriter(_entry.Stream, Encoding.UTF8, leaveOpen: true);
        ModelHeader.BeginWrite(Writer, out FpMin, out Header);
    }

    internal ModelSaveContext(BinaryWriter writer, IExceptionContext ectx = null)
    {
        ectx.CheckValue(writer, nameof(writer));
        _ectx = ectx;
        Writer = writer;
        ModelHeader.BeginWrite(Writer, out FpMin, out Header);
    }

    internal bool InRepository => Repository is not null;

    internal void CheckAtModel() =>
        _ectx.Check(Writer.BaseStream.Position == FpMin + Header.FpModel, "Something was written before the model's version");

    internal void SetVersionInfo(VersionInfo ver)
    {
        ModelHeader.SetVersionInfo(ref Header, ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveTextStream(string name, Action<TextWriter> action)
    {
        _ectx.Check(InRepository, "Can't save a text stream when writing to a single stream");
        _ectx.CheckNonEmpty(name, nameof(name));
        _ectx.CheckValue(action, nameof(action));
        using Repository.Entry entry = Repository.CreateEntry(Directory, name);
        using var writer = new StreamWriter(entry.Stream, new UTF8Encoding(false), leaveOpen: true);
        action(writer);
        writer.Flush();
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        _ectx.Check(InRepository, "Can't save a binary stream when writing to a single stream");
        _ectx.CheckNonEmpty(name, nameof(name));
        _ectx.CheckValue(action, nameof(action));
        using Repository.Entry entry = Repository.CreateEntry(Directory, name);
        using var writer = new BinaryWriter(entry.Stream, Encoding.UTF8, leaveOpen: true);
        action(writer);
        writer.Flush();
    }

    internal void SaveStringOrNull(string str)
    {
        if (str is null)
            Writer.Write(-1);
        else
            SaveString(str);
    }

    internal void SaveString(string str)
    {
        _ectx.CheckValue(str, nameof(str));
        Writer.Write(Strings.Add(str).Id);
    }

    internal void SaveString(ReadOnlyMemory<char> str) => SaveString(str.ToString());

    internal void SaveNonEmptyString(string str)
    {
        _ectx.CheckParam(!string.IsNullOrEmpty(str), nameof(str));
        SaveString(str);
    }

    internal void SaveNonEmptyString(ReadOnlyMemory<char> str) => SaveNonEmptyString(str.ToString());

    internal void SaveModel<T>(T value, string name) where T : class
    {
        _ectx.CheckValue(value, nameof(value));
        _ectx.Check(InRepository, "Can't save a sub-model when writing to a single stream");
        SaveModel(Repository, value, SubDirectory(name));
    }

    internal static void SaveModel<T>(RepositoryWriter rep, T value, string path) where T : class
    {
        if (value is not ICanSaveModel model)
            return;
        using var ctx = new ModelSaveContext(rep, path, ModelLoadContext.ModelStreamName);
        model.Save(ctx);
        ctx.Done();
    }

    internal void SaveSubModel(string dir, Action<ModelSaveContext> fn)
    {
        _ectx.CheckNonEmpty(dir, nameof(dir));
        _ectx.CheckValue(fn, nameof(fn));
        _ectx.Check(InRepository, "Can't save a sub-model when writing to a single stream");
        using var ctx = new ModelSaveContext(Repository, SubDirectory(dir), ModelLoadContext.ModelStreamName);
        fn(ctx);
        ctx.Done();
    }

    internal static void Save(BinaryWriter writer, Action<ModelSaveContext> fn)
    {
        Contracts.CheckValue(writer, nameof(writer));
        Contracts.CheckValue(fn, nameof(fn));
        using var ctx = new ModelSaveContext(writer);
        fn(ctx);
        ctx.Done();
    }

    /// <summary>Ends the stream: strings, header and tail.</summary>
    internal void Done()
    {
        _ectx.Check(Header.ModelSignature != 0, "ModelSignature not specified!");
        ModelHeader.EndWrite(Writer, FpMin, ref Header, Strings, _loaderAssemblyName);
        _done = true;
    }

    public void Dispose()
    {
        if (!InRepository)
            return;
        // What has failed halfway stays out of the archive: the repository drops open entries when it is disposed uncommitted.
        if (_done)
            _entry.Dispose();
    }

    private string SubDirectory(string name) => string.IsNullOrEmpty(Directory) ? name : $"{Directory}/{name}";
}
