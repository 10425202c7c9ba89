using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TransformerChain<ITransformer>), typeof(TransformerChain), null, typeof(SignatureLoadModel),
    "Transformer chain", TransformerChain.LoaderSignature)]

namespace Microsoft.ML.Data;

/// <summary>Fitted transformers applied one after another.</summary>
public sealed class TransformerChain<TLastTransformer> : ITransformer, IEnumerable<ITransformer>, ITransformerChainAccessor, IDisposable
    where TLastTransformer : class, ITransformer
{
    private readonly ITransformer[] _transformers;
    private readonly TransformerScope[] _scopes;
    private bool _disposed;

    /// <summary>The last transformer, null in an empty chain.</summary>
    public readonly TLastTransformer LastTransformer;

    public TransformerChain(IEnumerable<ITransformer> transformers, IEnumerable<TransformerScope> scopes)
    {
        Contracts.CheckValue(transformers, nameof(transformers));
        Contracts.CheckValue(scopes, nameof(scopes));
        _transformers = transformers.ToArray();
        _scopes = scopes.ToArray();
        Contracts.CheckParam(_transformers.Length == _scopes.Length, nameof(scopes), "Should have the same number of transformers and scopes");
        LastTransformer = LastOf(_transformers);
    }

    public TransformerChain(params ITransformer[] transformers)
        : this(transformers, transformers?.Select(_ => TransformerScope.Everything))
    {
    }

    internal TransformerChain(IHostEnvironment env, ModelLoadContext ctx)
    {
        int count = ctx.ReadCount(leastBytes: sizeof(int));
        _scopes = new TransformerScope[count];
        for (int i = 0; i < count; i++)
            _scopes[i] = (TransformerScope)ctx.Reader.ReadInt32();

        _transformers = new ITransformer[count];
        for (int i = 0; i < count; i++)
            ctx.LoadModel<ITransformer, SignatureLoadModel>(env, out _transformers[i], TransformerChain.PartName(i));
        LastTransformer = LastOf(_transformers);
    }

    bool ITransformer.IsRowToRowMapper => _transformers.All(transformer => transformer.IsRowToRowMapper);

    ITransformer[] ITransformerChainAccessor.Transformers => _transformers;

    TransformerScope[] ITransformerChainAccessor.Scopes => _scopes;

    private static TLastTransformer LastOf(ITransformer[] transformers)
    {
        if (transformers.Length == 0)
            return null;
        return transformers[^1] as TLastTransformer
            ?? throw Contracts.ExceptParam(nameof(transformers), $"The last transformer must be of type {typeof(TLastTransformer).Name}");
    }

    public IDataView Transform(IDataView input) => Transform(input, TransformerScope.Scoring);

    public IDataView Transform(IDataView input, TransformerScope scope)
    {
        Contracts.CheckValue(input, nameof(input));
        return PartsOf(scope).Aggregate(input, (data, transformer) => transformer.Transform(data));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetOutputSchema(inputSchema, TransformerScope.Scoring);

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema, TransformerScope scope)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return PartsOf(scope).Aggregate(inputSchema, (schema, transformer) => transformer.GetOutputSchema(schema));
    }

    private IEnumerable<ITransformer> PartsOf(TransformerScope scope)
        => _transformers.Where((_, i) => (_scopes[i] & scope) != TransformerScope.None);

    /// <summary>The chain of the transformers that take part in the given use.</summary>
    public TransformerChain<ITransformer> GetModelFor(TransformerScope scopeFilter)
    {
        var kept = Enumerable.Range(0, _scopes.Length).Where(i => (_scopes[i] & scopeFilter) != TransformerScope.None).ToArray();
        return new TransformerChain<ITransformer>(kept.Select(i => _transformers[i]), kept.Select(i => _scopes[i]));
    }

    public TransformerChain<TNewLast> Append<TNewLast>(TNewLast transformer, TransformerScope scope = TransformerScope.Everything)
        where TNewLast : class, ITransformer
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new TransformerChain<TNewLast>(_transformers.Append(transformer), _scopes.Append(scope));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        Contracts.Check(((ITransformer)this).IsRowToRowMapper, "GetRowToRowMapper method called despite IsRowToRowMapper being false.");
        var mappers = new IRowToRowMapper[_transformers.Length];
        var schema = inputSchema;
        for (int i = 0; i < mappers.Length; i++)
        {
            mappers[i] = _transformers[i].GetRowToRowMapper(schema);
            schema = mappers[i].OutputSchema;
        }
        return new CompositeRowToRowMapper(inputSchema, mappers);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(TransformerChain.GetVersionInfo());
        ctx.Writer.Write(_transformers.Length);
        foreach (var scope in _scopes)
            ctx.Writer.Write((int)scope);
        for (int i = 0; i < _transformers.Length; i++)
            ctx.SaveModel(_transformers[i], TransformerChain.PartName(i));
    }

    public IEnumerator<ITransformer> GetEnumerator() => ((IEnumerable<ITransformer>)_transformers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Disposes the transformers that hold something.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var transformer in _transformers.OfType<IDisposable>())
            transformer.Dispose();
    }
}

/// <summary>What chains share, and their loader.</summary>
internal static class TransformerChain
{
    public const string LoaderSignature = "TransformerChain";

    internal static string PartName(int index) => $"Transform_{index:000}";

    internal static VersionInfo GetVersionInfo() => new(
        modelSignature: "XF CHAIN",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(TransformerChain).Assembly.FullName);

    private static TransformerChain<ITransformer> Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel(GetVersionInfo());
        return new TransformerChain<ITransformer>(env, ctx);
    }
}
