namespace Microsoft.ML.Data;

/// <summary>The short names of types in the lines that describe a text file.</summary>
internal static class TextKinds
{
    private static readonly (string Name, DataKind Kind)[] Names =
    [
        ("I1", DataKind.SByte), ("U1", DataKind.Byte), ("I2", DataKind.Int16), ("U2", DataKind.UInt16), ("I4", DataKind.Int32), ("U4", DataKind.UInt32),
        ("I8", DataKind.Int64), ("U8", DataKind.UInt64), ("R4", DataKind.Single), ("R8", DataKind.Double), ("TX", DataKind.String), ("BL", DataKind.Boolean),
        ("TS", DataKind.TimeSpan), ("DT", DataKind.DateTime), ("DZ", DataKind.DateTimeOffset),
    ];

    public static string NameOf(PrimitiveDataViewType type)
        => Names.FirstOrDefault(pair => ColumnTypeExtensions.PrimitiveTypeFromKind(pair.Kind).RawType == type.RawType).Name;

    public static DataKind? KindOf(string name)
    {
        foreach (var (known, kind) in Names)
        {
            if (known == name)
                return kind;
        }
        return null;
    }
}
