namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>An entry as the archive lists it.</summary>
/// <param name="Name">Its path, with slashes.</param>
/// <param name="Size">Bytes when unpacked.</param>
/// <param name="Packed">Bytes in the file.</param>
/// <param name="Crc">The checksum of the unpacked bytes.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="IsEncrypted">Whether a password is needed.</param>
/// <param name="Place">Where its own header begins.</param>
internal sealed record ZipItem(string Name, long Size, long Packed, uint Crc, int Method, bool IsEncrypted, long Place);
