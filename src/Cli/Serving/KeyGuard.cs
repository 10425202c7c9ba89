using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CnnTrainers.Cli.Serving;

/// <summary>Lets through who shows the key: <c>Authorization: Bearer KEY</c> or <c>X-Api-Key: KEY</c>.</summary>
internal sealed class KeyGuard(string? key)
{
    /// <summary>Marks an endpoint that needs no key.</summary>
    public static object Open { get; } = new OpenMark();

    private const string Scheme = "Bearer ";

    // Of equal length, and as quickly compared whatever they have in common.
    private readonly byte[]? _hash = key is null ? null : Hash(key);

    /// <summary>Sees whether a request may have its answer.</summary>
    /// <exception cref="RequestProblem">It may not.</exception>
    public void Check(HttpContext context)
    {
        if (_hash is null || context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<OpenMark>() is not null) return;
        if (Shown(context.Request.Headers) is { } shown && CryptographicOperations.FixedTimeEquals(Hash(shown), _hash)) return;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw new RequestProblem(StatusCodes.Status401Unauthorized, "expected the service's key, as Authorization: Bearer KEY or X-Api-Key: KEY.");
    }

    private static string? Shown(IHeaderDictionary headers)
    {
        if (headers.Authorization is [{ } bearer] && bearer.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return bearer[Scheme.Length..].Trim();
        return headers.TryGetValue("X-Api-Key", out StringValues values) && values is [{ } plain] ? plain : null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private sealed class OpenMark;
}
