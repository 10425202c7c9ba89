using System.Buffers.Binary;
using System.Text;

namespace CnnTrainers.LoadableTorch;

/// <summary>What stopped the work, for the one who builds.</summary>
internal sealed class ElfException(string message) : Exception(message);

/// <summary>A version of a library that a file asks for: its name, its number in the file, and where its flags are.</summary>
internal sealed record NeededVersion(string Name, int Index, int FlagsAt);

/// <summary>
/// The symbol versions of a shared library: ELF, 64 bits, little-endian. The layouts are those of the Linux Standard Base,
/// "Symbol Versioning".
/// </summary>
internal sealed class ElfFile
{
    private const uint Rela = 4, DynamicSymbols = 11, DefinedVersionSection = 0x6ffffffd, NeededVersionSection = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const ushort Weak = 2;
    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly List<Section> _sections = [];

    /// <summary>Reads a file.</summary>
    /// <exception cref="ElfException">It is no such library, or not whole.</exception>
    public ElfFile(string path)
    {
        (_path, _bytes) = (path, File.ReadAllBytes(path));
        if (_bytes.Length < 4 || !_bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new ElfException($"{path}: expected a shared library of Linux (ELF), found a file that begins differently.");
        if (_bytes.Length < 64 || _bytes[4] != 2 || _bytes[5] != 1)
            throw new ElfException($"{path}: expected an ELF file of 64 bits, little-endian, which this is not.");
        Read(() =>
        {
            long at = (long)U64(40);
            for (int i = 0; i < U16(60); i++, at += U16(58))
                _sections.Add(new(U32(at + 4), Index(U64(at + 24)), Index(U64(at + 32)), (int)U32(at + 40)));
            if (_sections.Count == 0 || _sections.Any(section => section.Type != 8 && section.At + section.Size > _bytes.Length))
                throw new IndexOutOfRangeException();
            return 0;
        });
    }

    /// <summary>The versions that this library defines.</summary>
    public IEnumerable<string> DefinedVersions() => Read(() =>
    {
        List<string> names = [];
        foreach (var section in Of(DefinedVersionSection))
            for (int at = section.At; ; at += Index(U32(at + 16)))
            {
                names.Add(Text(section, U32(at + U32(at + 12))));
                if (U32(at + 16) == 0)
                    break;
            }
        return names;
    });

    /// <summary>The versions that this file asks another library for.</summary>
    public IReadOnlyList<NeededVersion> NeededVersions(string library) => Read(() =>
    {
        List<NeededVersion> versions = [];
        foreach (var section in Of(NeededVersionSection))
            for (int at = section.At; ; at += Index(U32(at + 12)))
            {
                int one = at + Index(U32(at + 8));
                for (int i = 0; i < U16(at + 2) && Text(section, U32(at + 4)) == library; i++, one += Index(U32(one + 12)))
                    versions.Add(new(Text(section, U32(one + 8)), U16(one + 6), one + 4));
                if (U32(at + 12) == 0)
                    break;
            }
        return versions;
    });

    /// <summary>The symbols of a version that the loader must find, as a relocation names them.</summary>
    public IReadOnlyList<string> SymbolsUsed(NeededVersion version) => Read(() =>
    {
        var (symbols, versions) = (Of(DynamicSymbols).Single(), Of(SymbolVersions).Single());
        var used = Of(Rela).SelectMany(section => Enumerable.Range(0, section.Size / 24).Select(i => (int)U32(section.At + 24 * i + 12))).ToHashSet();
        return used.Where(symbol => (U16(versions.At + 2 * symbol) & 0x7fff) == version.Index)
            .Select(symbol => Text(symbols, U32(symbols.At + 24 * symbol))).ToList();
    });

    /// <summary>The file with some versions marked as weak: the loader goes on where they are missing.</summary>
    public byte[] WithWeak(IEnumerable<NeededVersion> versions)
    {
        byte[] copy = [.. _bytes];
        foreach (var version in versions)
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(version.FlagsAt), (ushort)(U16(version.FlagsAt) | Weak));
        return copy;
    }

    private IEnumerable<Section> Of(uint type) => _sections.Where(section => section.Type == type);

    private string Text(Section section, uint offset)
    {
        var rest = _bytes.AsSpan(_sections[section.Link].At + (int)offset);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or InvalidOperationException)
        {
            throw new ElfException($"{_path}: the file is not whole ({_bytes.Length} bytes), or damaged.");
        }
    }

    private static int Index(ulong value) => checked((int)value);

    private ushort U16(long at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan((int)at));

    private uint U32(long at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan((int)at));

    private ulong U64(long at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan((int)at));

    private sealed record Section(uint Type, int At, int Size, int Link);
}
