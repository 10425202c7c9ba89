using System.Buffers.Binary;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The first 256 bytes of a model stream and what surrounds its payload:
/// header | payload | string table (the end offset of each string) | characters, UTF-16 | loader assembly's name, UTF-16 | tail.
/// </summary>
internal partial struct ModelHeader
{
    public const int Size = 256;
    public const ulong SignatureValue = 0x4C45444F4D004C4D;
    public const ulong TailSignatureValue = 0x4D4C004D4F44454C;
    private const uint VerWrittenCur = 0x00010002;
    private const uint VerReadableCur = 0x00010002;
    private const uint VerWeCanReadBack = 0x00010001;
    private const uint VerAssemblyNameSupported = 0x00010002;

    public ulong Signature;
    public uint VerWritten;
    public uint VerReadable;
    public long FpModel;
    public long CbModel;
    public long FpStringTable;
    public long CbStringTable;
    public long FpStringChars;
    public long CbStringChars;
    public ulong ModelSignature;
    public uint ModelVerWritten;
    public uint ModelVerReadable;
    public ulong LoaderSignature0;
    public ulong LoaderSignature1;
    public ulong LoaderSignature2;
    public ulong LoaderSignatureAlt0;
    public ulong LoaderSignatureAlt1;
    public ulong LoaderSignatureAlt2;
    public long FpTail;
    public long FpLim;
    public long FpAssemblyName;
    public uint CbAssemblyName;

    /// <summary>Leaves room for the header; it is written at the end, when the sizes are known.</summary>
    public static void BeginWrite(BinaryWriter writer, out long fpMin, out ModelHeader header)
    {
        Contracts.CheckValue(writer, nameof(writer));
        fpMin = writer.BaseStream.Position;
        header = new ModelHeader
        {
            Signature = SignatureValue,
            VerWritten = VerWrittenCur,
            VerReadable = VerReadableCur,
            FpModel = Size,
        };
        writer.Write(new byte[Size]);
    }

    /// <summary>The payload ends here.</summary>
    public static void EndModelCore(BinaryWriter writer, long fpMin, ref ModelHeader header)
    {
        Contracts.Check(header.FpModel == Size && header.CbModel == 0, "The payload has ended before");
        header.CbModel = writer.BaseStream.Position - fpMin - header.FpModel;
    }

    public static void EndWrite(BinaryWriter writer, long fpMin, ref ModelHeader header, NormStr.Pool pool = null, string loaderAssemblyName = null)
    {
        Contracts.CheckValue(writer, nameof(writer));
        EndModelCore(writer, fpMin, ref header);
        if (pool?.Count > 0)
            WriteStrings(writer, fpMin, ref header, pool);
        if (loaderAssemblyName is not null)
        {
            header.FpAssemblyName = writer.BaseStream.Position - fpMin;
            header.CbAssemblyName = (uint)loaderAssemblyName.Length * sizeof(char);
            WriteChars(writer, loaderAssemblyName);
        }
        WriteHeaderAndTailCore(writer, fpMin, ref header);
    }

    public static void WriteHeaderAndTailCore(BinaryWriter writer, long fpMin, ref ModelHeader header)
    {
        header.FpTail = writer.BaseStream.Position - fpMin;
        writer.Write(TailSignatureValue);
        header.FpLim = writer.BaseStream.Position - fpMin;
        var bytes = new byte[Size];
        MarshalToBytes(ref header, bytes);
        writer.Flush();
        writer.BaseStream.Position = fpMin;
        writer.Write(bytes);
        writer.Flush();
        writer.BaseStream.Position = fpMin + header.FpLim;
    }

    public static void SetVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        header.ModelSignature = ver.ModelSignature;
        header.ModelVerWritten = ver.VerWrittenCur;
        header.ModelVerReadable = ver.VerReadableCur;
        SetLoaderSig(ref header, ver.LoaderSignature);
        SetLoaderSigAlt(ref header, ver.LoaderSignatureAlt);
    }

    public static void SetLoaderSig(ref ModelHeader header, string sig) =>
        PackSignature(sig, out header.LoaderSignature0, out header.LoaderSignature1, out header.LoaderSignature2);

    public static void SetLoaderSigAlt(ref ModelHeader header, string sig) =>
        PackSignature(sig, out header.LoaderSignatureAlt0, out header.LoaderSignatureAlt1, out header.LoaderSignatureAlt2);

    public static string GetLoaderSig(ref ModelHeader header) =>
        UnpackSignature(header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2);

    public static string GetLoaderSigAlt(ref ModelHeader header) =>
        UnpackSignature(header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2);

    public static void MarshalToBytes(ref ModelHeader header, byte[] bytes)
    {
        Contracts.CheckParam(bytes?.Length >= Size, nameof(bytes), "Too small");
        var writer = new BinaryWriter(new MemoryStream(bytes));
        writer.Write(header.Signature);
        writer.Write(header.VerWritten);
        writer.Write(header.VerReadable);
        foreach (long value in new[] { header.FpModel, header.CbModel, header.FpStringTable, header.CbStringTable, header.FpStringChars, header.CbStringChars })
            writer.Write(value);
        writer.Write(header.ModelSignature);
        writer.Write(header.ModelVerWritten);
        writer.Write(header.ModelVerReadable);
        foreach (ulong value in new[] { header.LoaderSignature0, header.LoaderSignature1, header.LoaderSignature2 })
            writer.Write(value);
        foreach (ulong value in new[] { header.LoaderSignatureAlt0, header.LoaderSignatureAlt1, header.LoaderSignatureAlt2 })
            writer.Write(value);
        writer.Write(header.FpTail);
        writer.Write(header.FpLim);
        writer.Write(header.FpAssemblyName);
        writer.Write(header.CbAssemblyName);
    }

    public static void MarshalFromBytes(out ModelHeader header, byte[] bytes)
    {
        Contracts.CheckParam(bytes?.Length >= Size, nameof(bytes), "Too small");
        var reader = new BinaryReader(new MemoryStream(bytes));
        header = new ModelHeader
        {
            Signature = reader.ReadUInt64(),
            VerWritten = reader.ReadUInt32(),
            VerReadable = reader.ReadUInt32(),
            FpModel = reader.ReadInt64(),
            CbModel = reader.ReadInt64(),
            FpStringTable = reader.ReadInt64(),
            CbStringTable = reader.ReadInt64(),
            FpStringChars = reader.ReadInt64(),
            CbStringChars = reader.ReadInt64(),
            ModelSignature = reader.ReadUInt64(),
            ModelVerWritten = reader.ReadUInt32(),
            ModelVerReadable = reader.ReadUInt32(),
            LoaderSignature0 = reader.ReadUInt64(),
            LoaderSignature1 = reader.ReadUInt64(),
            LoaderSignature2 = reader.ReadUInt64(),
            LoaderSignatureAlt0 = reader.ReadUInt64(),
            LoaderSignatureAlt1 = reader.ReadUInt64(),
            LoaderSignatureAlt2 = reader.ReadUInt64(),
            FpTail = reader.ReadInt64(),
            FpLim = reader.ReadInt64(),
            FpAssemblyName = reader.ReadInt64(),
            CbAssemblyName = reader.ReadUInt32(),
        };
    }

    private static void WriteStrings(BinaryWriter writer, long fpMin, ref ModelHeader header, NormStr.Pool pool)
    {
        header.FpStringTable = writer.BaseStream.Position - fpMin;
        header.CbStringTable = pool.Count * sizeof(long);
        long end = 0;
        for (int id = 0; id < pool.Count; id++)
        {
            end += pool.GetNormStrById(id).Value.Length * sizeof(char);
            writer.Write(end);
        }
        header.FpStringChars = writer.BaseStream.Position - fpMin;
        header.CbStringChars = end;
        for (int id = 0; id < pool.Count; id++)
            WriteChars(writer, pool.GetNormStrById(id).Value);
    }

    /// <summary>UTF-16 code units as they are, so that even a lone surrogate survives.</summary>
    private static void WriteChars(BinaryWriter writer, string text)
    {
        foreach (char c in text)
            writer.Write((ushort)c);
    }

    private static void PackSignature(string sig, out ulong part0, out ulong part1, out ulong part2)
    {
        sig ??= "";
        Contracts.CheckParam(sig.Length <= 24 && sig.All(c => c is > '\0' and <= '\xFF'), nameof(sig), "Must be at most 24 Latin-1 characters");
        Span<byte> bytes = stackalloc byte[24];
        bytes.Clear();
        for (int i = 0; i < sig.Length; i++)
            bytes[i] = (byte)sig[i];
        part0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        part1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        part2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
    }

    private static string UnpackSignature(ulong part0, ulong part1, ulong part2)
    {
        var chars = new char[24];
        for (int i = 0; i < 24; i++)
            chars[i] = (char)(byte)((i < 8 ? part0 : i < 16 ? part1 : part2) >> (8 * (i % 8)));
        return new string(chars).TrimEnd('\0');
    }
}
