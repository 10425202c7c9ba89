namespace CnnTrainers;

/// <summary>An entry of a model file's archive.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Bytes">Its size when unpacked, as the archive says.</param>
/// <param name="PackedBytes">Its size in the file.</param>
public sealed record ModelFileEntry(string Name, long Bytes, long PackedBytes);

/// <summary>What is wrong at one place of a model file.</summary>
/// <param name="Entry">The archive's entry, or null where it is the file as a whole.</param>
/// <param name="Expected">What a good file has there.</param>
/// <param name="Got">What this one has.</param>
public sealed record ModelFileFault(string? Entry, string Expected, string Got)
{
    /// <summary>The fault as one line.</summary>
    public override string ToString() => $"{Entry ?? "the file"}: expected {Expected}, got {Got}";
}

/// <summary>A part of a model: a chain, a transformer, or what a transformer keeps in a folder of its own.</summary>
/// <param name="Folder">The folder of the archive that the part stands in; empty at the archive's root.</param>
/// <param name="Loader">The name that ML.NET finds the part's loader by: <c>ImageLoaderTransform</c>.</param>
/// <param name="Signature">The characters that name the payload's layout: <c>IMGLOADR</c>.</param>
/// <param name="Version">The version of the layout: 0x00010003 is version 1.3.</param>
/// <param name="Assembly">The full name of the assembly that the loader is in; null in files of old versions.</param>
/// <param name="Network">The convolutional network, where the part is one of this library's.</param>
public sealed record ModelFilePart(string Folder, string Loader, string Signature, uint Version, string? Assembly, ModelFileNetwork? Network);

/// <summary>A column of a model's input or output.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as ML.NET prints it: <c>Vector&lt;Single, 3&gt;</c>.</param>
/// <param name="IsHidden">Whether a later column has the same name.</param>
public sealed record ModelFileColumn(string Name, string Type, bool IsHidden);
