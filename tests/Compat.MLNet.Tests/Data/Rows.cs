using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Data;

internal sealed class AllTypes
{
    public string Text;
    public ReadOnlyMemory<char> Memory;
    public DataViewRowId Id;
    [ColumnName("Renamed")] public byte Byte { get; set; }
    [NoColumn] public Uri Hidden { get; set; }
    internal int Own { get; set; }
    public bool Flag { get; set; }
    public sbyte SByte { get; set; }
    public short Int16 { get; set; }
    public ushort UInt16 { get; set; }
    public int Int32 { get; set; }
    public uint UInt32 { get; set; }
    public long Int64 { get; set; }
    public ulong UInt64 { get; set; }
    public float Single { get; set; }
    public double Double { get; set; }
    public TimeSpan Span { get; set; }
    public DateTime Date { get; set; }
    public DateTimeOffset Zoned { get; init; }
    [VectorType(2, 3)] public float[] Matrix { get; set; }
    public float[] Open { get; set; }
    [VectorType(2)] public string[] Words { get; set; }
    public byte[] Bytes { get; set; }

    public static AllTypes Sample() => new()
    {
        Text = "text", Memory = "memory".AsMemory(), Id = new DataViewRowId(1, 2), Byte = 255, Flag = true, SByte = -128, Int16 = short.MinValue,
        UInt16 = ushort.MaxValue, Int32 = int.MinValue, UInt32 = uint.MaxValue, Int64 = long.MinValue, UInt64 = ulong.MaxValue,
        Single = 1.5f, Double = double.MaxValue, Span = TimeSpan.FromSeconds(1.5), Date = new DateTime(2024, 2, 29),
        Zoned = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(2)), Matrix = [1, 2, 3, 4, 5, 6], Open = [7], Words = ["a", "b"], Bytes = [1, 2],
    };
}

internal sealed class Keyed
{
    [KeyType(3)] public uint Label { get; set; }
}

internal sealed class Vectors
{
    [VectorType(4)] public float[] Fixed;
    public float[] Open;
}

internal sealed class Named
{
    public string Name { get; set; }
}

internal sealed class Numbers
{
    public int Index { get; set; }
    public float Value { get; set; }
    public string Group { get; set; }

    public static IEnumerable<Numbers> Rows(int count)
        => Enumerable.Range(0, count).Select(i => new Numbers { Index = i, Value = i, Group = $"g{i % 10}" });
}
