using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CnnTrainers.Cli.Serving;

/// <summary>An image file of a request.</summary>
/// <param name="Name">The file's name, where one was sent.</param>
/// <param name="Words">What messages call it.</param>
/// <param name="Bytes">Its bytes, and room behind them.</param>
/// <param name="Length">How many bytes it has.</param>
internal sealed record RequestImage(string? Name, string Words, byte[] Bytes, int Length);

/// <summary>The images of a request: its body, or the files of a form.</summary>
internal sealed class RequestImages : IDisposable
{
    private const int FirstRoom = 1 << 16, LongestBoundary = 200;

    private readonly List<RequestImage> _images = [];

    /// <summary>The images, in order.</summary>
    public IReadOnlyList<RequestImage> All => _images;

    /// <summary>Reads them.</summary>
    /// <exception cref="RequestProblem">There is none, or there are too many, or too large ones.</exception>
    public static async Task<RequestImages> Read(HttpRequest request, ServiceLimits limits, CancellationToken cancel)
    {
        var images = new RequestImages();
        try
        {
            if (request.HasFormContentType && MultipartBoundary(request) is { } boundary) await images.ReadForm(request, boundary, limits, cancel);
            else await images.Add(request.Body, null, "the body", request.ContentLength ?? 0, limits, cancel);
            return images;
        }
        catch
        {
            images.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (RequestImage image in _images) ArrayPool<byte>.Shared.Return(image.Bytes);
        _images.Clear();
    }

    private static string? MultipartBoundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)) return null;
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary ? boundary : throw RequestProblem.Bad("the form has no boundary, or too long a one; curl -F image=@some.jpg sends a good one.");
    }

    private async Task ReadForm(HttpRequest request, string boundary, ServiceLimits limits, CancellationToken cancel)
    {
        var form = new MultipartReader(boundary, request.Body);
        try
        {
            while (await form.ReadNextSectionAsync(cancel) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } header || !header.IsFileDisposition())
                    throw RequestProblem.Bad($"the form's field '{(section.GetContentDispositionHeader()?.Name.Value ?? "").Trim('"')}' is no file; expected image files alone, as curl -F image=@some.jpg sends them.");
                if (_images.Count == limits.Images) throw RequestProblem.TooLarge($"the request has more than {limits.Images} images; send the others in a request of their own.");
                string name = Path.GetFileName((header.FileNameStar.HasValue ? header.FileNameStar : HeaderUtilities.RemoveQuotes(header.FileName)).Value ?? "");
                await Add(section.Body, name, name.Length > 0 ? $"'{name}'" : $"image {_images.Count + 1}", 0, limits, cancel);
            }
        }
        catch (InvalidDataException e)
        {
            throw RequestProblem.Bad($"the form is damaged: {e.Message}");
        }
        catch (IOException e) when (e is not BadHttpRequestException && !cancel.IsCancellationRequested)
        {
            throw RequestProblem.Bad($"the form ends early: {e.Message}");
        }
        if (_images.Count == 0) throw RequestProblem.Bad("the form has no file; expected images, as curl -F image=@some.jpg sends them.");
    }

    private async Task Add(Stream body, string? name, string words, long expected, ServiceLimits limits, CancellationToken cancel)
    {
        if (expected > limits.ImageBytes) throw TooLarge();
        byte[] bytes = ArrayPool<byte>.Shared.Rent((int)Math.Max(expected + 1, FirstRoom));
        int length = 0;
        try
        {
            while (await body.ReadAsync(bytes.AsMemory(length), cancel) is > 0 and var read)
            {
                length += read;
                if (length > limits.ImageBytes) throw TooLarge();
                if (length == bytes.Length) bytes = Larger(bytes, length);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
        _images.Add(new RequestImage(name, words, bytes, length));

        RequestProblem TooLarge() => RequestProblem.TooLarge($"{words} has more than {limits.ImageBytes} bytes, which is the most that an image may have.");
    }

    private static byte[] Larger(byte[] full, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(2 * length);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
