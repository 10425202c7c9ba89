using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>A row with every kind of column that the binary format has.</summary>
internal sealed class AllTypes
{
    public bool Flag { get; set; }

    public sbyte Tiny { get; set; }

    public ushort Small { get; set; }

    public long Large { get; set; }

    public float Number { get; set; }

    public double Wide { get; set; }

    public string Text { get; set; }

    public TimeSpan Span { get; set; }

    public DateTime Day { get; set; }

    public DateTimeOffset Moment { get; set; }

    public DataViewRowId Id { get; set; }

    [VectorType(3)]
    public float[] Fixed { get; set; }

    public int[] Variable { get; set; }

    public string[] Words { get; set; }

    public static AllTypes Make(int i) => new()
    {
        Flag = i % 3 == 0,
        Tiny = (sbyte)-i,
        Small = (ushort)(60000 + i),
        Large = long.MinValue + i,
        Number = i == 5 ? float.NaN : i / 3f,
        Wide = i * Math.PI,
        Text = i == 2 ? "" : $"täxt\u2028{i}",
        Span = TimeSpan.FromSeconds(-i),
        Day = new DateTime(2020, 1, 1).AddHours(i),
        Moment = new DateTimeOffset(2020, 1, 1, i, 0, 0, TimeSpan.FromMinutes(30 * i)),
        Id = new DataViewRowId((ulong)i, 9),
        Fixed = [i, i + 1, i + 2],
        Variable = Enumerable.Range(0, i % 4).ToArray(),
        Words = Enumerable.Range(0, i % 3).Select(w => $"w{w}").ToArray(),
    };

    public string Print() => FormattableString.Invariant(
        $"{Flag} {Tiny} {Small} {Large} {Number} {Wide} {Text} {Span} {Day:O} {Moment:O} {Id} [{string.Join(' ', Fixed)}] [{string.Join(' ', Variable ?? [])}] [{string.Join(' ', Words ?? [])}]");
}
