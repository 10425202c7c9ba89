using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal sealed partial class ModelLoadContext
{
    /// <summary>Assemblies that were renamed since files were written.</summary>
    private static readonly Dictionary<string, string> _renamedAssemblies = new()
    {
        ["Microsoft.ML.StandardLearners"] = "Microsoft.ML.StandardTrainers",
        ["Microsoft.ML.HalLearners"] = "Microsoft.ML.Mkl.Components",
    };

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra) where TRes : class
    {
        _ectx.CheckNonEmpty(name, nameof(name));
        _ectx.Check(InRepository, "Can't load a sub-model when reading from a single stream");
        LoadModel<TRes, TSig>(env, out result, Repository, SubDirectory(name), extra);
    }

    public bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, string name, params object[] extra) where TRes : class
    {
        _ectx.CheckNonEmpty(name, nameof(name));
        result = null;
        return InRepository && LoadModelOrNull<TRes, TSig>(env, out result, Repository, SubDirectory(name), extra);
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, rep, dir, extra))
            throw env.ExceptDecode("Corrupt model file: it has no entry '{0}/{1}'", dir, ModelStreamName);
    }

    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader rep, string dir, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(rep, nameof(rep));
        Repository.Entry entry = rep.OpenEntryOrNull(dir, ModelStreamName);
        if (entry is not null)
        {
            LoadModel<TRes, TSig>(env, out result, rep, entry, dir, extra);
            return true;
        }
        // Older files: all of a model in one stream.
        using Repository.Entry single = rep.OpenEntryOrNull(dir, NameBinary);
        result = null;
        if (single is not null)
            LoadModel<TRes, TSig>(env, out result, single.Stream, extra);
        return single is not null;
    }

    public static void LoadModel<TRes, TSig>(
        IHostEnvironment env, out TRes result, RepositoryReader rep, Repository.Entry ent, string dir, params object[] extra) where TRes : class
    {
        using var ctx = new ModelLoadContext(rep, ent, dir);
        ctx.LoadCore<TRes, TSig>(env, out result, extra);
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, Stream stream, params object[] extra) where TRes : class
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        LoadModel<TRes, TSig>(env, out result, reader, extra);
    }

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, BinaryReader reader, params object[] extra) where TRes : class
    {
        using var ctx = new ModelLoadContext(reader, env);
        ctx.LoadCore<TRes, TSig>(env, out result, extra);
    }

    private void LoadCore<TRes, TSig>(IHostEnvironment env, out TRes result, object[] extra) where TRes : class
    {
        try
        {
            LoadParts<TRes, TSig>(env, out result, extra);
        }
        catch (Exception exception) when (exception is EndOfStreamException or TargetInvocationException { InnerException: EndOfStreamException })
        {
            throw env.ExceptDecode(exception, $"Corrupt model file, entry '{_entry?.Path}': the payload ends too early");
        }
    }

    private void LoadParts<TRes, TSig>(IHostEnvironment env, out TRes result, object[] extra) where TRes : class
    {
        RegisterLoaderAssembly(env);
        object[] args = [this, .. extra ?? []];
        string signature = ModelHeader.GetLoaderSig(ref Header);
        string alternative = ModelHeader.GetLoaderSigAlt(ref Header);
        if (!ComponentCatalog.TryCreateInstance<TRes, TSig>(env, out result, signature, "", args)
            && (alternative.Length == 0 || !ComponentCatalog.TryCreateInstance<TRes, TSig>(env, out result, alternative, "", args)))
            throw env.ExceptDecode($"Unknown loader '{signature}' for {ComponentCatalog.SignatureToString(typeof(TSig))} in the model file, "
                + $"entry '{_entry?.Path}', of assembly '{LoaderAssemblyName}'");
        Done();
    }

    private void RegisterLoaderAssembly(IHostEnvironment env)
    {
        if (string.IsNullOrEmpty(LoaderAssemblyName))
            return;
        AssemblyName name = AssemblyNameOf(env);
        if (_renamedAssemblies.TryGetValue(name.Name, out string renamed))
            name.Name = renamed;
        env.ComponentCatalog.RegisterAssembly(Assembly.Load(name));
    }

    private AssemblyName AssemblyNameOf(IHostEnvironment env)
    {
        try
        {
            return new AssemblyName(LoaderAssemblyName);
        }
        // A damaged culture, or a name without a name.
        catch (ArgumentException exception)
        {
            throw env.ExceptDecode(exception, $"Corrupt model file, entry '{_entry?.Path}': '{LoaderAssemblyName}' is no name of an assembly");
        }
    }
}
