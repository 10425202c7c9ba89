using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace CnnTrainers.Cli.Serving;

/// <summary>Around every request: the key, the count, and what goes wrong as problem details (RFC 9457).</summary>
internal sealed class Answering(RequestDelegate next, KeyGuard key, ServiceMetrics metrics, ILogger<Answering> log)
{
    private const int ClientClosedRequest = 499; // nobody sees it but the count

    public async Task InvokeAsync(HttpContext context)
    {
        long start = Stopwatch.GetTimestamp();
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            key.Check(context);
            await next(context);
            if (context.Response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null })
                await Write(context, context.Response.StatusCode, context.Response.StatusCode == StatusCodes.Status400BadRequest
                    ? $"a parameter of {context.Request.Path}{context.Request.QueryString} cannot be read; GET /openapi.json says what was expected."
                    : $"{context.Request.Method} {context.Request.Path} cannot be answered; GET /openapi.json says what can.");
        }
        catch (RequestProblem e)
        {
            if (e.RetryAfter is { } seconds) context.Response.Headers.RetryAfter = $"{seconds}";
            await Write(context, e.Status, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await Write(context, e.StatusCode, e.Message);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested)
        {
            log.LogDebug(e, "The connection was cut");
            context.Response.StatusCode = ClientClosedRequest;
        }
        catch (Exception e)
        {
            log.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await Write(context, StatusCodes.Status500InternalServerError, "the service failed; its log says why.");
        }
        metrics.Answered((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "other", context.Response.StatusCode, Stopwatch.GetElapsedTime(start));
    }

    private static async Task Write(HttpContext context, int status, string detail)
    {
        if (context.Response.HasStarted) return;
        context.Response.StatusCode = status;
        await Results.Problem(char.ToUpperInvariant(detail[0]) + detail[1..], statusCode: status, title: ReasonPhrases.GetReasonPhrase(status)).ExecuteAsync(context);
    }
}
