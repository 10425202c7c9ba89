using Microsoft.AspNetCore.Http;

namespace CnnTrainers.Cli.Serving;

/// <summary>Why a request is not answered, for whoever made it.</summary>
/// <param name="status">The status code.</param>
/// <param name="detail">What was expected and what came.</param>
internal sealed class RequestProblem(int status, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    /// <summary>After how many seconds it is worth trying again; null where it is not.</summary>
    public int? RetryAfter { get; init; }

    public static RequestProblem TooLarge(string detail) => new(StatusCodes.Status413PayloadTooLarge, detail);

    public static RequestProblem Bad(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static RequestProblem NoImage(string detail) => new(StatusCodes.Status415UnsupportedMediaType, detail);

    public static RequestProblem Damaged(string detail) => new(StatusCodes.Status422UnprocessableEntity, detail);

    public static RequestProblem Busy(string detail, int retryAfter) => new(StatusCodes.Status503ServiceUnavailable, detail) { RetryAfter = retryAfter };
}
