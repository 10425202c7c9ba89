using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Loads lines of text as rows.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly TextBindings _bindings;

    /// <param name="dataSample">What open ranges and slot names are taken from.</param>
    internal TextLoader(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(TextLoader));
        _host.CheckValue(options, nameof(options));
        _options = Complete(options, dataSample);
        _bindings = new TextBindings(_host, _options, dataSample);
    }

    public DataViewSchema GetOutputSchema() => _bindings.Schema;

    public IDataView Load(IMultiStreamSource source)
    {
        _host.CheckValue(source, nameof(source));
        return new TextDataView(_host, _options, _bindings, source);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
        => throw _host.ExceptNotSupp("A text loader can not be saved here: save the model with its input schema instead.");

    /// <summary>The columns that the members of a class with <see cref="LoadColumnAttribute"/> ask for.</summary>
    internal static Column[] ColumnsOf(Type type)
    {
        var columns = new List<Column>();
        foreach (var member in MemberTypes.MembersOf(type, default))
        {
            if (member.GetCustomAttribute<LoadColumnAttribute>() is not { } source)
                continue;
            var itemType = MemberTypes.ItemTypeOf(member, out bool isVector);
            columns.Add(new Column(member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, KindOf(member, itemType),
                isVector ? [.. source.Sources.Select(AsVector)] : source.Sources, KeyCountOf(member)));
        }
        Contracts.CheckParam(columns.Count > 0, "TInput", $"Should define at least one public, readable field or property in TInput marked with {nameof(LoadColumnAttribute)}.");
        return [.. columns];
    }

    private static DataKind KindOf(MemberInfo member, Type itemType)
    {
        foreach (var kind in Enum.GetValues<DataKind>())
        {
            if (ColumnTypeExtensions.PrimitiveTypeFromKind(kind).RawType == itemType)
                return kind;
        }
        throw Contracts.Except("Field or property {0} is of type {1}, which text can not be loaded as", member.Name, itemType);
    }

    private static KeyCount KeyCountOf(MemberInfo member)
        => member.GetCustomAttribute<KeyTypeAttribute>() is { } key ? key.KeyCount ?? new KeyCount() : null;

    private static Range AsVector(Range range)
        => new() { Min = range.Min, Max = range.Max, AutoEnd = range.AutoEnd, ForceVector = true };

    // Without columns the file itself may say what it holds, in the lines that SaveAsText wrote on top of it.
    private static Options Complete(Options options, IMultiStreamSource sample)
    {
        if (options.Columns is { Length: > 0 })
            return options;
        if (sample is { Count: > 0 } && TextSchemaComment.Read(sample) is Options described)
            return described;
        return new Options
        {
            AllowQuoting = options.AllowQuoting, AllowSparse = options.AllowSparse, InputSize = options.InputSize, Separators = options.Separators,
            DecimalMarker = options.DecimalMarker, TrimWhitespace = options.TrimWhitespace, HasHeader = options.HasHeader, UseThreads = options.UseThreads,
            ReadMultilines = options.ReadMultilines, HeaderFile = options.HeaderFile, MaxRows = options.MaxRows, EscapeChar = options.EscapeChar,
            MissingRealsAsNaNs = options.MissingRealsAsNaNs,
            // The first field is what is to be learned, the others what it is learned from.
            Columns = [new Column("Label", DataKind.Single, 0), new Column("Features", DataKind.Single, [new Range(1, null)])],
        };
    }
}
