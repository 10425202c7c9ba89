using System.Runtime.InteropServices;

namespace Microsoft.ML.Data.IO;

/// <summary>Values as they lie in memory, little-endian: numbers, row ids, and the ticks of TimeSpan and DateTime.</summary>
internal sealed class PackedCodec<T>(string loadName, DataViewType type) : PlainCodec<T>(loadName, type) where T : unmanaged
{
    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<T> values) => writer.Write(MemoryMarshal.AsBytes(values));

    public override void ReadBlock(BinaryReader reader, Span<T> values) => reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values));
}

/// <summary>A key is its raw number; the count is the parameter.</summary>
internal sealed class KeyCodec<T>(KeyDataViewType type, IValueCodec<T> rawCodec, CodecFactory factory) : PlainCodec<T>(Name, type) where T : unmanaged
{
    public const string Name = "Key2";

    public override int WriteParameterization(Stream stream)
    {
        int bytes = factory.WriteCodec(stream, rawCodec);
        stream.Write(BitConverter.GetBytes(type.Count));
        return bytes + sizeof(ulong);
    }

    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<T> values) => rawCodec.WriteBlock(writer, values);

    public override void ReadBlock(BinaryReader reader, Span<T> values) => rawCodec.ReadBlock(reader, values);
}

/// <summary>A bit a value, the low bit first.</summary>
internal sealed class BooleanCodec() : PlainCodec<bool>("Boolean", BooleanDataViewType.Instance)
{
    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        for (int i = 0; i < values.Length; i++)
            if (values[i])
                bytes[i >> 3] |= (byte)(1 << (i & 7));
        writer.Write(bytes);
    }

    public override void ReadBlock(BinaryReader reader, Span<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        reader.BaseStream.ReadExactly(bytes);
        for (int i = 0; i < values.Length; i++)
            values[i] = (bytes[i >> 3] & (1 << (i & 7))) != 0;
    }
}

/// <summary>Ticks and raw bits of a DateTime: the kind is not kept.</summary>
internal sealed class DateTimeCodec() : PlainCodec<DateTime>("DateTime", DateTimeDataViewType.Instance)
{
    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<DateTime> values)
    {
        foreach (DateTime value in values)
            writer.Write(value.Ticks);
    }

    public override void ReadBlock(BinaryReader reader, Span<DateTime> values)
    {
        foreach (ref DateTime value in values)
            value = new DateTime(BinaryFormat.ReadTicks(reader));
    }
}

/// <summary>The ticks of the local time and the offset in minutes.</summary>
internal sealed class DateTimeOffsetCodec() : PlainCodec<DateTimeOffset>("DateTimeOffset", DateTimeOffsetDataViewType.Instance)
{
    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<DateTimeOffset> values)
    {
        foreach (DateTimeOffset value in values)
        {
            writer.Write(value.DateTime.Ticks);
            writer.Write(checked((short)(value.Offset.Ticks / TimeSpan.TicksPerMinute)));
        }
    }

    public override void ReadBlock(BinaryReader reader, Span<DateTimeOffset> values)
    {
        foreach (ref DateTimeOffset value in values)
            value = new DateTimeOffset(BinaryFormat.ReadTicks(reader), TimeSpan.FromMinutes(reader.ReadInt16()));
    }
}

/// <summary>The number of texts, the end of each in characters, and all of them joined as one UTF-8 string.</summary>
internal sealed class TextCodec() : PlainCodec<ReadOnlyMemory<char>>("TextSpan", TextDataViewType.Instance)
{
    public override void WriteBlock(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> values)
    {
        writer.Write(values.Length);
        var joined = new System.Text.StringBuilder();
        foreach (ReadOnlyMemory<char> value in values)
        {
            joined.Append(value.Span);
            writer.Write(joined.Length);
        }
        writer.Write(joined.ToString());
    }

    public override void ReadBlock(BinaryReader reader, Span<ReadOnlyMemory<char>> values)
    {
        BinaryFormat.CheckCount(reader.ReadInt32() == values.Length);
        int[] ends = BinaryFormat.ReadInts(reader, values.Length);
        string joined = BinaryFormat.ReadText(reader);
        int start = 0;
        for (int i = 0; i < ends.Length; i++)
        {
            BinaryFormat.CheckCount(ends[i] >= start && ends[i] <= joined.Length);
            values[i] = joined.AsMemory(start, ends[i] - start);
            start = ends[i];
        }
    }
}
