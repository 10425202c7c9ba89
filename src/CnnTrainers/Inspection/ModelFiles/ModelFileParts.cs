using System.Text.Json;

namespace CnnTrainers;

/// <summary>An entry of a model file's archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Bytes">Its size when unpacked, as the archive says.</param>
/// <param name="PackedBytes">Its size in the file.</param>
public sealed record ModelFileEntry(string Name, long Bytes, long PackedBytes);

/// <summary>What is wrong at one place of a model file.</summary>
/// <param name="Entry">The archive's entry, or null where the archive itself is damaged.</param>
/// <param name="Offset">The byte of the unpacked entry, or of the file; null where the fault has no place.</param>
/// <param name="Expected">What a good file has there.</param>
/// <param name="Got">What this one has.</param>
public sealed record ModelFileFault(string? Entry, long? Offset, string Expected, string Got)
{
    /// <summary>The fault as one line.</summary>
    public override string ToString()
    {
        var place = string.Join(", ", new[] { Entry, Offset is null ? null : $"byte {Offset}" }.Where(part => part is not null));
        return $"{(place == "" ? "the file" : place)}: expected {Expected}, got {Got}";
    }
}

/// <summary>A column of a schema in a model file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as ML.NET prints it: <c>Vector&lt;Single, 3&gt;</c>.</param>
/// <param name="IsHidden">Whether a later column has the same name.</param>
/// <param name="Annotations">Its annotations.</param>
public sealed record ModelFileColumn(string Name, string Type, bool IsHidden, IReadOnlyList<ModelFileAnnotation> Annotations);

/// <summary>An annotation of a column.</summary>
/// <param name="Kind">Its name, such as <c>KeyValues</c>.</param>
/// <param name="Type">Its type, as ML.NET prints it.</param>
/// <param name="Value">
/// The value: an array for a vector; an object of length, indices and values for a sparse one; null where its type is not known.
/// </param>
public sealed record ModelFileAnnotation(string Kind, string Type, JsonElement Value);

/// <summary>A part of a model: a chain, a transformer, or what a transformer keeps in a folder of its own.</summary>
public sealed record ModelFilePart
{
    /// <summary>The folder of the archive that the part stands in; empty at the archive's root.</summary>
    public required string Folder { get; init; }

    /// <summary>What the part is, in words; its loader's name where the part is not known.</summary>
    public required string Name { get; init; }

    /// <summary>Whether <see cref="Parameters"/> says all that the part's payload holds.</summary>
    public required bool IsKnown { get; init; }

    /// <summary>The name that ML.NET finds the part's loader by.</summary>
    public required string Loader { get; init; }

    /// <summary>The loader's other name, or null.</summary>
    public required string? AlternativeLoader { get; init; }

    /// <summary>The eight characters that name the payload's layout.</summary>
    public required string Signature { get; init; }

    /// <summary>The version of the layout: 0x00010003 is version 1.3.</summary>
    public required uint Version { get; init; }

    /// <summary>The oldest version of the code that can read the part.</summary>
    public required uint ReadableBy { get; init; }

    /// <summary>The full name of the assembly that the loader is in; null in files of old versions.</summary>
    public required string? Assembly { get; init; }

    /// <summary>The payload's size, in bytes.</summary>
    public required long PayloadBytes { get; init; }

    /// <summary>What the payload says, as one object; empty for a part that is not known.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>The convolutional network, where the part is one of this library's.</summary>
    public required ModelFileNetwork? Network { get; init; }

    /// <summary>Entries beside the part's own, with the columns where one is a stored schema.</summary>
    public required IReadOnlyList<ModelFileStream> Streams { get; init; }

    /// <summary>The parts inside it; for a chain its transformers, in order.</summary>
    public required IReadOnlyList<ModelFilePart> Parts { get; init; }
}

/// <summary>An entry that a part keeps beside its own.</summary>
/// <param name="Name">Its name in the part's folder.</param>
/// <param name="Bytes">Its size when unpacked.</param>
/// <param name="Schema">The columns, where it is a binary data view; else null.</param>
public sealed record ModelFileStream(string Name, long Bytes, IReadOnlyList<ModelFileColumn>? Schema);
