using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to other item types.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal const DataKind DefaultOutputKind = DataKind.Single;

    internal TypeConvertingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Host.CheckValue(inputSchema, nameof(inputSchema));
        var shape = new SchemaShapeEditor(Host, inputSchema);
        foreach (var options in Transformer.Columns)
            shape.Set(Convert(shape.Input(options.InputColumnName), options));
        return shape.ToShape();
    }

    private SchemaShape.Column Convert(SchemaShape.Column input, ColumnOptions options)
    {
        // Of a key's count a shape knows nothing: any will do to ask whether there is a conversion.
        DataViewType source = input.IsKey ? new KeyDataViewType(input.ItemType.RawType, 1) : input.ItemType;
        if (!options.TryGetType(source, out var target))
            throw Host.ExceptParam("inputSchema", $"Can't convert {input.Name} into {target}");
        if (!(input.IsKey && target is KeyDataViewType) && !Data.Conversion.Conversions.TryGet(source, target, out _))
            throw Host.ExceptParam("inputSchema", $"Don't know how to convert {input.Name} into {target}");

        var annotations = new List<SchemaShape.Column>();
        if (input.HasSlotNames())
            annotations.AddRange(input.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.SlotNames));
        if (input.IsKey && options.OutputKeyCount is null)
            annotations.AddRange(input.Annotations.Where(column => column.Name == AnnotationUtils.Kinds.KeyValues));
        if (target is NumberDataViewType && (IsNormalizedNumber(input) || IsFlag(input)))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
        var itemType = ColumnTypeExtensions.PrimitiveTypeFromType(target.RawType);
        return new SchemaShape.Column(options.Name, input.Kind, itemType, target is KeyDataViewType, new SchemaShape(annotations));
    }

    private static bool IsNormalizedNumber(SchemaShape.Column column) => column.ItemType is NumberDataViewType && !column.IsKey && column.IsNormalized();

    private static bool IsFlag(SchemaShape.Column column) => column.ItemType is BooleanDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar;

    /// <summary>One column, the type that it gets and, where it becomes a key, the count.</summary>
    internal sealed record ColumnOptions(string Name, DataKind OutputKind, string InputColumnName, KeyCount OutputKeyCount = null)
    {
        /// <summary>Whether a count of keys, where there is one, goes with the type.</summary>
        public bool IsValid => OutputKeyCount is null
            || (KeyDataViewType.IsValidDataType(ColumnTypeExtensions.PrimitiveTypeFromKind(OutputKind).RawType) && !(OutputKeyCount.Count > MaximumOf(OutputKind)));

        /// <summary>The item type that a source type becomes. False where it cannot; the type is then the one asked for.</summary>
        public bool TryGetType(DataViewType source, out PrimitiveDataViewType type)
        {
            type = ColumnTypeExtensions.PrimitiveTypeFromKind(OutputKind);
            var key = source.GetItemType() as KeyDataViewType;
            bool canBeKey = KeyDataViewType.IsValidDataType(type.RawType);
            if (OutputKeyCount is not null)
            {
                type = new KeyDataViewType(type.RawType, OutputKeyCount.Count ?? MaximumOf(OutputKind));
                return key is not null || source.GetItemType() is TextDataViewType;
            }
            if (key is null)
                return true;
            if (canBeKey)
                type = new KeyDataViewType(type.RawType, Math.Min(key.Count, MaximumOf(OutputKind)));
            return canBeKey;
        }

        private static ulong MaximumOf(DataKind kind) => kind switch
        {
            DataKind.Byte => byte.MaxValue,
            DataKind.UInt16 => ushort.MaxValue,
            DataKind.UInt32 => uint.MaxValue,
            _ => ulong.MaxValue,
        };
    }
}
