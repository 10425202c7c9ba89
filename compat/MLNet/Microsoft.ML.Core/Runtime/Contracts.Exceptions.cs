using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>Exceptions by their cause; each goes through the context's <see cref="IExceptionContext.Process"/>.</summary>
internal static partial class Contracts
{
    public static Exception Except() => Process(new InvalidOperationException());

    public static Exception Except(this IExceptionContext ctx) => Process(new InvalidOperationException(), ctx);

    public static Exception Except(string msg) => Process(new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, string msg) => Process(new InvalidOperationException(msg), ctx);

    public static Exception Except(string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args)));

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args)), ctx);

    public static Exception Except(Exception inner, string msg) => Process(new InvalidOperationException(msg, inner));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg) => Process(new InvalidOperationException(msg, inner), ctx);

    public static Exception Except(Exception inner, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args), inner));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new InvalidOperationException(Format(msg, args), inner), ctx);

    public static Exception ExceptDecode() => Process(new FormatException());

    public static Exception ExceptDecode(this IExceptionContext ctx) => Process(new FormatException(), ctx);

    public static Exception ExceptDecode(string msg) => Process(new FormatException(msg));

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg) => Process(new FormatException(msg), ctx);

    public static Exception ExceptDecode(string msg, params object[] args) => Process(new FormatException(Format(msg, args)));

    public static Exception ExceptDecode(this IExceptionContext ctx, string msg, params object[] args) => Process(new FormatException(Format(msg, args)), ctx);

    public static Exception ExceptDecode(Exception inner, string msg) => Process(new FormatException(msg, inner));

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg) => Process(new FormatException(msg, inner), ctx);

    public static Exception ExceptDecode(Exception inner, string msg, params object[] args) => Process(new FormatException(Format(msg, args), inner));

    public static Exception ExceptDecode(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new FormatException(Format(msg, args), inner), ctx);

    public static Exception ExceptIO() => Process(new IOException());

    public static Exception ExceptIO(this IExceptionContext ctx) => Process(new IOException(), ctx);

    public static Exception ExceptIO(string msg) => Process(new IOException(msg));

    public static Exception ExceptIO(this IExceptionContext ctx, string msg) => Process(new IOException(msg), ctx);

    public static Exception ExceptIO(string msg, params object[] args) => Process(new IOException(Format(msg, args)));

    public static Exception ExceptIO(this IExceptionContext ctx, string msg, params object[] args) => Process(new IOException(Format(msg, args)), ctx);

    public static Exception ExceptIO(Exception inner, string msg) => Process(new IOException(msg, inner));

    public static Exception ExceptIO(this IExceptionContext ctx, Exception inner, string msg) => Process(new IOException(msg, inner), ctx);

    public static Exception ExceptIO(Exception inner, string msg, params object[] args) => Process(new IOException(Format(msg, args), inner));

    public static Exception ExceptIO(this IExceptionContext ctx, Exception inner, string msg, params object[] args) => Process(new IOException(Format(msg, args), inner), ctx);

    public static Exception ExceptParam(string paramName) => Process(new ArgumentOutOfRangeException(paramName));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName) => Process(new ArgumentOutOfRangeException(paramName), ctx);

    public static Exception ExceptParam(string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, msg), ctx);

    public static Exception ExceptParam(string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)));

    public static Exception ExceptParam(this IExceptionContext ctx, string paramName, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(paramName, Format(msg, args)), ctx);

    public static Exception ExceptUserArg(string name) => Process(new ArgumentOutOfRangeException(name));

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name) => Process(new ArgumentOutOfRangeException(name), ctx);

    public static Exception ExceptUserArg(string name, string msg) => Process(new ArgumentOutOfRangeException(name, msg));

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg) => Process(new ArgumentOutOfRangeException(name, msg), ctx);

    public static Exception ExceptUserArg(string name, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(name, Format(msg, args)));

    public static Exception ExceptUserArg(this IExceptionContext ctx, string name, string msg, params object[] args) => Process(new ArgumentOutOfRangeException(name, Format(msg, args)), ctx);

    public static Exception ExceptParamValue<T>(T value, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, value, msg));

    public static Exception ExceptParamValue<T>(this IExceptionContext ctx, T value, string paramName, string msg) => Process(new ArgumentOutOfRangeException(paramName, value, msg), ctx);

    public static Exception ExceptValue(string paramName) => Process(new ArgumentNullException(paramName));

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName) => Process(new ArgumentNullException(paramName), ctx);

    public static Exception ExceptValue(string paramName, string msg) => Process(new ArgumentNullException(paramName, msg));

    public static Exception ExceptValue(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentNullException(paramName, msg), ctx);

    public static Exception ExceptEmpty(string paramName) => Process(new ArgumentException($"{paramName} cannot be null or empty", paramName));

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName) => Process(new ArgumentException($"{paramName} cannot be null or empty", paramName), ctx);

    public static Exception ExceptEmpty(string paramName, string msg) => Process(new ArgumentException(msg, paramName));

    public static Exception ExceptEmpty(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentException(msg, paramName), ctx);

    public static Exception ExceptWhiteSpace(string paramName) => Process(new ArgumentException($"{paramName} cannot be null or white space", paramName));

    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName) => Process(new ArgumentException($"{paramName} cannot be null or white space", paramName), ctx);

    public static Exception ExceptWhiteSpace(string paramName, string msg) => Process(new ArgumentException(msg, paramName));

    public static Exception ExceptWhiteSpace(this IExceptionContext ctx, string paramName, string msg) => Process(new ArgumentException(msg, paramName), ctx);

    public static Exception ExceptNotSupp(string msg) => Process(new NotSupportedException(msg));

    public static Exception ExceptNotSupp(this IExceptionContext ctx, string msg) => Process(new NotSupportedException(msg), ctx);

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName) => Process(new ArgumentOutOfRangeException(paramName, $"Could not find {columnRole} column '{columnName}'"));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName) => Process(new ArgumentOutOfRangeException(paramName, $"Could not find {columnRole} column '{columnName}'"), ctx);

    public static Exception ExceptSchemaMismatch(string paramName, string columnRole, string columnName, string expectedType, string actualType) => Process(new ArgumentOutOfRangeException(paramName,
        $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}"));

    public static Exception ExceptSchemaMismatch(this IExceptionContext ctx, string paramName, string columnRole, string columnName, string expectedType, string actualType) => Process(new ArgumentOutOfRangeException(paramName,
        $"Schema mismatch for {columnRole} column '{columnName}': expected {expectedType}, got {actualType}"), ctx);

    private static string Format(string msg, object[] args) => string.Format(CultureInfo.InvariantCulture, msg, args);
}
