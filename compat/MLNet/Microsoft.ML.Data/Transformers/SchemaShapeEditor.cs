using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema shape in the making: the input's columns, of which some are replaced and some added.</summary>
internal sealed class SchemaShapeEditor
{
    private readonly IHost _host;
    private readonly SchemaShape _input;
    private readonly List<SchemaShape.Column> _columns;

    public SchemaShapeEditor(IHost host, SchemaShape input)
    {
        _host = host;
        _input = input;
        _columns = [.. input];
    }

    /// <summary>A column of the input, or the error that says that it is missing.</summary>
    public SchemaShape.Column Input(string name)
        => _input.TryFindColumn(name, out var column) ? column : throw _host.ExceptSchemaMismatch("inputSchema", "input", name);

    public void Set(SchemaShape.Column column)
    {
        int index = _columns.FindIndex(old => old.Name == column.Name);
        if (index < 0)
            _columns.Add(column);
        else
            _columns[index] = column;
    }

    public SchemaShape ToShape() => new(_columns);
}
