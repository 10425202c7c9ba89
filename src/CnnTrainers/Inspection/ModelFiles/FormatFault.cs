namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Something in a file is not as the format has it; the rest may still be read.</summary>
internal sealed class FormatFault(string expected, string got, long? offset) : Exception($"expected {expected}, got {got}")
{
    public string Expected { get; } = expected;

    public string Got { get; } = got;

    /// <summary>The byte of the unpacked entry, or of the file.</summary>
    public long? Offset { get; } = offset;
}
