using System;
using System.IO;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Errors of unreadable images: ML.NET's text where it has one, and always a way to find the file.</summary>
internal static class ImageErrors
{
    /// <summary>Key in <see cref="Exception.Data"/> of the path of the file that could not be read.</summary>
    internal const string PathKey = "ImagePath";

    private const string InvalidContents = "Invalid input stream contents";

    /// <summary>For contents that are no image ML.NET's text alone; for others (cut off, corrupt, too large) what is wrong too.</summary>
    internal static ArgumentException BadContents(string fault, string path = null)
    {
        const string ParameterName = "imageStream";
        string file = path == null ? "" : $" '{path}'";
        return fault.Length > 0
            ? new ArgumentException($"{InvalidContents}: {fault}{file}", ParameterName)
            : new ArgumentException(InvalidContents, ParameterName,
                new InvalidDataException($"The contents{(path == null ? "" : " of")}{file} are not a JPEG, PNG, BMP, WebP or TIFF image."));
    }

    internal static T NamingFile<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception error)
        {
            error.Data[PathKey] = path;
            throw;
        }
    }
}
