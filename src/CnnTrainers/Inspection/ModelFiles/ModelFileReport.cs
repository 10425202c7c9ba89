using CnnTrainers.Inspection.ModelFiles;

namespace CnnTrainers;

/// <summary>
/// What a model file holds, and what is damaged in it. Works for every file that <c>mlContext.Model.Save</c> writes. Entries, checksums, parts
/// and networks are read without running anything; then ML.NET loads the model, as <c>mlContext.Model.Load</c> does, for the columns.
/// </summary>
public sealed record ModelFileReport
{
    /// <summary>The file's size, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>The version of ML.NET that the file says it was written by, or null.</summary>
    public required string? WrittenBy { get; init; }

    /// <summary>The archive's entries, in the file's order.</summary>
    public required IReadOnlyList<ModelFileEntry> Entries { get; init; }

    /// <summary>The model's parts: a chain before its transformers, which stand in their order.</summary>
    public required IReadOnlyList<ModelFilePart> Parts { get; init; }

    /// <summary>The columns that the model was fitted on; null where the file was saved without, or does not load.</summary>
    public required IReadOnlyList<ModelFileColumn>? InputColumns { get; init; }

    /// <summary>The columns that the model adds to those; null where the input's are not known, or the model takes others.</summary>
    public required IReadOnlyList<ModelFileColumn>? OutputColumns { get; init; }

    /// <summary>Why the model, which is not damaged, does not load in this process: an assembly that it needs is not here. Else null.</summary>
    public required string? Missing { get; init; }

    /// <summary>What is wrong with the file; empty for a good one.</summary>
    public required IReadOnlyList<ModelFileFault> Faults { get; init; }

    /// <summary>Reads a model file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The report; what is damaged stands in <see cref="Faults"/>, and the rest is read all the same.</returns>
    /// <exception cref="IOException">The file does not exist, or cannot be read from the disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ModelFileReport Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        return Read(file);
    }

    /// <summary>Reads a model file from a stream.</summary>
    /// <param name="stream">The whole file; it must be able to seek, and stays open.</param>
    /// <returns>The report; what is damaged stands in <see cref="Faults"/>, and the rest is read all the same.</returns>
    /// <exception cref="ArgumentException">The stream cannot seek.</exception>
    public static ModelFileReport Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanSeek ? new ModelFileReader(stream).Read() : throw new ArgumentException("The stream must be able to seek.", nameof(stream));
    }
}
