using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CnnTrainers.Cli.Serving;

/// <summary>The page: three files that are inside the tool. It asks for nothing but them and the service's own answers.</summary>
internal static class PageFiles
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds them.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        Add("/", "index.html", "text/html; charset=utf-8");
        Add("/page.css", "page.css", "text/css; charset=utf-8");
        Add("/page.js", "page.js", "text/javascript; charset=utf-8");

        void Add(string path, string name, string type)
        {
            byte[] file = Resource(name);
            app.MapGet(path, (HttpContext context) =>
            {
                IHeaderDictionary headers = context.Response.Headers;
                headers.ContentSecurityPolicy = Policy;
                headers.CacheControl = "no-cache";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()";
                return Results.Bytes(file, type);
            }).WithMetadata(KeyGuard.Open).ExcludeFromDescription();
        }
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream($"page/{name}")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
