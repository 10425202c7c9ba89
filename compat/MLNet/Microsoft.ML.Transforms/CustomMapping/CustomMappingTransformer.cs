using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What <see cref="CustomMappingEstimator{TSrc, TDst}"/> gives.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;
    private readonly string _contractAssembly;
    private readonly SchemaDefinition _outputDefinition;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(CustomMappingTransformer<TSrc, TDst>));
        _host.CheckValue(mapAction, nameof(mapAction));
        _mapAction = mapAction;
        _contractName = contractName;
        _contractAssembly = mapAction.Method.DeclaringType.Assembly.FullName;
        InputSchemaDefinition = inputSchemaDefinition;
        _outputDefinition = outputSchemaDefinition ?? SchemaDefinition.Create(typeof(TDst));
        AddedSchema = InternalSchemaDefinition.Create(typeof(TDst), _outputDefinition, SchemaDefinition.Direction.Write);
    }

    internal InternalSchemaDefinition AddedSchema { get; }

    internal SchemaDefinition InputSchemaDefinition { get; }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return RowToRowMapperTransform.GetOutputSchema(inputSchema, MakeRowMapper(inputSchema));
    }

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(_host, input, MakeRowMapper(input.Schema), MakeRowMapper);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return new BoundRowMapper(MakeRowMapper(inputSchema), inputSchema);
    }

    private IRowMapper MakeRowMapper(DataViewSchema schema)
        => new CustomRowMapper<TSrc, TDst>(this, schema, InputSchemaDefinition, _outputDefinition, _mapAction);

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    internal void SaveModel(ModelSaveContext ctx)
    {
        if (_contractName is null)
            throw _host.Except("Empty contract name for a transform: the transform cannot be saved");
        LambdaTransform.SaveCustomTransformer(_host, ctx, _contractName, _contractAssembly);
    }
}
