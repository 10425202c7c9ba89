using System.Buffers.Binary;

/// <summary>
/// Damages a good archive, the same for the same random numbers. Half of the damage is done to the archive, as disks and networks do it;
/// the other half to the entries' contents, packed again with sizes and checksums that fit, so that it reaches the parsers behind the zip.
/// </summary>
internal sealed class ZipFuzzer(byte[] good)
{
    private static readonly long[] _telling = [0, 1, -1, 2, 7, 255, 256, 0x7FFF, 1 << 20, 1 << 28, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue];
    private readonly List<(string Name, byte[] Bytes)> _entries = ZipText.Unpack(good);

    /// <summary>A damaged copy, and whether an archive's own checksums can tell.</summary>
    public (byte[] File, bool IsOuter) Damage(Random random) => random.Next(2) == 0 ? (DamageArchive(random), true) : (DamageEntries(random), false);

    /// <summary>A copy that was cut off, or has some bits turned over.</summary>
    public byte[] DamageArchive(Random random)
    {
        if (random.Next(4) == 0)
            return good[..random.Next(good.Length)];
        byte[] copy = [.. good];
        for (int flips = 1 + random.Next(6); flips > 0; flips--)
            copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    /// <summary>A copy with damaged entries in a good archive.</summary>
    public byte[] DamageEntries(Random random)
    {
        var entries = _entries.Select(entry => (entry.Name, Bytes: (byte[])[.. entry.Bytes])).ToList();
        int one = random.Next(entries.Count), other = random.Next(entries.Count);
        switch (random.Next(10))
        {
            case 0: entries.RemoveAt(one); break;
            case 1: entries.Add(entries[one]); break;
            case 2: (entries[one], entries[other]) = ((entries[one].Name, entries[other].Bytes), (entries[other].Name, entries[one].Bytes)); break;
            case 3: entries[one] = (entries[other].Name + random.Next(3), entries[one].Bytes); break;
            default: entries[one] = (entries[one].Name, DamageBytes(entries[one].Bytes, random)); break;
        }
        return ZipText.Pack(entries);
    }

    private static byte[] DamageBytes(byte[] bytes, Random random)
    {
        if (bytes.Length < 2)
            return [.. bytes, 1];
        // Headers are small beside weights, and the beginning of everything says most.
        int at = random.Next(random.Next(3) switch { 0 => bytes.Length, 1 => Math.Min(bytes.Length, 600), _ => Math.Min(bytes.Length, 300) });
        int length = 1 + random.Next(Math.Min(64, bytes.Length - at));
        switch (random.Next(7))
        {
            case 0: return bytes[..at];
            case 1: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2: return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 3: bytes.AsSpan(random.Next(bytes.Length - length), length).ToArray().CopyTo(bytes, at); return bytes;
            case 4: WriteNumber(bytes.AsSpan(at & ~3), random); return bytes;
            default:
                for (int flips = 1 + random.Next(3); flips > 0; flips--)
                    bytes[Math.Min(bytes.Length - 1, at + random.Next(8))] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }

    private static void WriteNumber(Span<byte> bytes, Random random)
    {
        long value = _telling[random.Next(_telling.Length)];
        if (bytes.Length >= 8 && random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        else if (bytes.Length >= 4)
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
    }
}
