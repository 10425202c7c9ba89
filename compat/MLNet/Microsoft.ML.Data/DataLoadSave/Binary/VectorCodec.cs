namespace Microsoft.ML.Data.IO;

/// <summary>
/// Vectors: their number, the common length (0 and then each length, where they differ), each one's stored count (-1 is dense),
/// all indices, and the stored values of all as one block of the item's codec.
/// </summary>
internal sealed class VectorCodec<T>(VectorDataViewType type, IValueCodec<T> itemCodec, CodecFactory factory) : IValueCodec<VBuffer<T>>
{
    public const string Name = "VBuffer";

    public string LoadName => Name;

    public DataViewType Type => type;

    public int WriteParameterization(Stream stream)
    {
        int bytes = factory.WriteCodec(stream, itemCodec);
        stream.Write(BitConverter.GetBytes(type.Dimensions.Length));
        foreach (int dimension in type.Dimensions)
            stream.Write(BitConverter.GetBytes(dimension));
        return bytes + sizeof(int) * (1 + type.Dimensions.Length);
    }

    public void WriteBlock(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        writer.Write(values.Length);
        WriteLengths(writer, values);
        int indices = 0;
        int stored = 0;
        foreach (VBuffer<T> value in values)
        {
            writer.Write(value.IsDense ? -1 : value.GetValues().Length);
            indices += value.GetIndices().Length;
            stored += value.GetValues().Length;
        }
        writer.Write(indices);
        var items = new T[stored];
        int next = 0;
        foreach (VBuffer<T> value in values)
        {
            foreach (int index in value.GetIndices())
                writer.Write(index);
            value.GetValues().CopyTo(items.AsSpan(next));
            next += value.GetValues().Length;
        }
        itemCodec.WriteBlock(writer, items);
    }

    public void ReadBlock(BinaryReader reader, Span<VBuffer<T>> values)
    {
        BinaryFormat.CheckCount(reader.ReadInt32() == values.Length);
        int[] lengths = ReadLengths(reader, values.Length);
        int[] counts = BinaryFormat.ReadInts(reader, values.Length);
        int[] indices = BinaryFormat.ReadInts(reader, reader.ReadInt32());
        long stored = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            BinaryFormat.CheckCount(lengths[i] >= 0 && counts[i] >= -1 && counts[i] <= lengths[i]);
            stored += counts[i] < 0 ? lengths[i] : counts[i];
        }
        var items = new T[BinaryFormat.CheckFits<T>(reader, stored)];
        itemCodec.ReadBlock(reader, items);
        Split(values, lengths, counts, indices, items);
    }

    public void Copy(in VBuffer<T> source, ref VBuffer<T> destination) => source.CopyTo(ref destination);

    private void WriteLengths(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        int common = type.Size;
        bool same = true;
        if (common == 0 && values.Length > 0)
        {
            common = values[0].Length;
            foreach (VBuffer<T> value in values)
                same &= value.Length == common;
        }
        writer.Write(same ? common : 0);
        if (same && common > 0)
            return;
        foreach (VBuffer<T> value in values)
            writer.Write(value.Length);
    }

    private static int[] ReadLengths(BinaryReader reader, int count)
    {
        int common = reader.ReadInt32();
        BinaryFormat.CheckCount(common >= 0);
        if (common == 0)
            return BinaryFormat.ReadInts(reader, count);
        var lengths = new int[count];
        Array.Fill(lengths, common);
        return lengths;
    }

    private static void Split(Span<VBuffer<T>> values, int[] lengths, int[] counts, int[] indices, T[] items)
    {
        int nextItem = 0;
        int nextIndex = 0;
        for (int i = 0; i < values.Length; i++)
        {
            bool dense = counts[i] < 0;
            int count = dense ? lengths[i] : counts[i];
            T[] own = items.AsSpan(nextItem, count).ToArray();
            nextItem += count;
            if (dense)
            {
                values[i] = new VBuffer<T>(lengths[i], own);
                continue;
            }
            BinaryFormat.CheckCount(nextIndex + count <= indices.Length);
            int[] ownIndices = indices.AsSpan(nextIndex, count).ToArray();
            nextIndex += count;
            CheckRising(ownIndices, lengths[i]);
            values[i] = new VBuffer<T>(lengths[i], count, own, ownIndices);
        }
        BinaryFormat.CheckCount(nextIndex == indices.Length);
    }

    private static void CheckRising(int[] indices, int length)
    {
        int last = -1;
        foreach (int index in indices)
        {
            BinaryFormat.CheckCount(index > last && index < length);
            last = index;
        }
    }
}
