using System.Buffers.Binary;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal partial struct ModelHeader
{
    /// <summary>Reads and checks all but the payload, and leaves the reader at the payload's start.</summary>
    public static void BeginRead(out long fpMin, out ModelHeader header, out string[] strings, out string loaderAssemblyName, BinaryReader reader)
    {
        Contracts.CheckValue(reader, nameof(reader));
        fpMin = reader.BaseStream.Position;
        byte[] bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size, "Model header is truncated");
        MarshalFromBytes(out header, bytes);
        Contracts.CheckDecode(header.Signature == SignatureValue, "Wrong file type");
        if (!TryValidate(ref header, reader, fpMin, out strings, out loaderAssemblyName, out Exception error))
            throw error;
        reader.BaseStream.Position = fpMin + header.FpModel;
    }

    /// <summary>The payload must have been read to its end: less or more means that reader and writer disagree.</summary>
    public static void EndRead(long fpMin, ref ModelHeader header, BinaryReader reader)
    {
        Contracts.CheckValue(reader, nameof(reader));
        long read = reader.BaseStream.Position - fpMin - header.FpModel;
        Contracts.CheckDecode(read == header.CbModel, $"The model's payload has {header.CbModel} bytes, of which {read} were read");
        reader.BaseStream.Position = fpMin + header.FpLim;
    }

    public static void CheckVersionInfo(ref ModelHeader header, VersionInfo ver)
    {
        Contracts.CheckDecode(header.ModelSignature == ver.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(header.ModelVerReadable <= header.ModelVerWritten, "Corrupt file header");
        if (header.ModelVerReadable > ver.VerWrittenCur)
            throw Contracts.ExceptDecode(
                $"The component '{ver.LoaderSignature}' of the model is too new: readable by version 0x{header.ModelVerReadable:x8} and later, this is 0x{ver.VerWrittenCur:x8}.");
        if (header.ModelVerWritten < ver.VerWeCanReadBack)
            throw Contracts.ExceptDecode(
                $"The component '{ver.LoaderSignature}' of the model is too old: written by version 0x{header.ModelVerWritten:x8}, read are 0x{ver.VerWeCanReadBack:x8} and later.");
    }

    /// <summary>Checks the numbers of the header against each other and against the bytes there are.</summary>
    public static bool TryValidate(ref ModelHeader header, long size, out Exception ex)
    {
        string fault = FindFault(ref header, size);
        ex = fault is null ? null : Contracts.ExceptDecode(fault);
        return fault is null;
    }

    public static bool TryValidate(
        ref ModelHeader header, BinaryReader reader, long fpMin, out string[] strings, out string loaderAssemblyName, out Exception ex)
    {
        strings = null;
        loaderAssemblyName = null;
        if (!TryValidate(ref header, reader.BaseStream.Length - fpMin, out ex))
            return false;
        try
        {
            strings = ReadStrings(ref header, reader, fpMin);
            loaderAssemblyName = header.CbAssemblyName == 0
                ? null
                : DecodeChars(ReadAt(reader, fpMin + header.FpAssemblyName, header.CbAssemblyName));
            ulong tail = BinaryPrimitives.ReadUInt64LittleEndian(ReadAt(reader, fpMin + header.FpTail, sizeof(ulong)));
            Contracts.CheckDecode(tail == TailSignatureValue, "Corrupt model file tail");
            return true;
        }
        catch (FormatException exception)
        {
            ex = exception;
            return false;
        }
    }

    private static string FindFault(ref ModelHeader header, long size)
    {
        if (header.Signature != SignatureValue)
            return "Wrong file type";
        if (header.VerReadable > header.VerWritten)
            return "Corrupt file header";
        if (header.VerReadable > VerWrittenCur)
            return "Cause: the model file is too new. Suggestion: load it with a newer version";
        if (header.VerWritten < VerWeCanReadBack)
            return "Cause: the model file is too old. Suggestion: save it again with a newer version";
        if (header.FpModel != Size || header.CbModel < 0 || header.CbModel > size)
            return "Corrupt model file header: the payload's place";
        // The parts follow one another without gaps.
        long next = header.FpModel + header.CbModel;
        if (header.FpStringTable == 0)
        {
            if (header.CbStringTable != 0 || header.FpStringChars != 0 || header.CbStringChars != 0)
                return "Corrupt model file header: the strings' place";
        }
        else
        {
            if (header.FpStringTable != next || header.CbStringTable <= 0 || header.CbStringTable % sizeof(long) != 0 || header.CbStringTable > size)
                return "Corrupt model file header: the string table's place";
            next += header.CbStringTable;
            if (header.FpStringChars != next || header.CbStringChars < 0 || header.CbStringChars % sizeof(char) != 0 || header.CbStringChars > size)
                return "Corrupt model file header: the string characters' place";
            next += header.CbStringChars;
        }
        if (header.VerWritten >= VerAssemblyNameSupported && header.FpAssemblyName != 0)
        {
            if (header.FpAssemblyName != next || header.CbAssemblyName % sizeof(char) != 0)
                return "Corrupt model file header: the assembly name's place";
            next += header.CbAssemblyName;
        }
        if (header.FpTail != next || header.FpLim != next + sizeof(ulong) || header.FpLim > size)
            return "Corrupt model file header: the tail's place, or the file is cut off";
        return null;
    }

    private static string[] ReadStrings(ref ModelHeader header, BinaryReader reader, long fpMin)
    {
        if (header.FpStringTable == 0)
            return [];
        byte[] table = ReadAt(reader, fpMin + header.FpStringTable, header.CbStringTable);
        byte[] chars = ReadAt(reader, fpMin + header.FpStringChars, header.CbStringChars);
        var strings = new string[table.Length / sizeof(long)];
        long start = 0;
        for (int i = 0; i < strings.Length; i++)
        {
            long end = BinaryPrimitives.ReadInt64LittleEndian(table.AsSpan(i * sizeof(long)));
            Contracts.CheckDecode(end >= start && end <= chars.Length && end % sizeof(char) == 0, "Corrupt string table in the model file");
            strings[i] = DecodeChars(chars.AsSpan((int)start, (int)(end - start)));
            start = end;
        }
        Contracts.CheckDecode(start == chars.Length, "Corrupt string table in the model file");
        return strings;
    }

    private static byte[] ReadAt(BinaryReader reader, long position, long length)
    {
        reader.BaseStream.Position = position;
        byte[] bytes = reader.ReadBytes(checked((int)length));
        Contracts.CheckDecode(bytes.Length == length, "The model file is cut off");
        return bytes;
    }

    private static string DecodeChars(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length / sizeof(char)];
        for (int i = 0; i < chars.Length; i++)
            chars[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * sizeof(char))..]);
        return new string(chars);
    }
}
