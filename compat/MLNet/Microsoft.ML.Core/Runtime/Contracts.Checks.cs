namespace Microsoft.ML.Runtime;

/// <summary>Checks that throw what <see cref="Except(string)"/> and its sisters make.</summary>
internal static partial class Contracts
{
    public static void Check(bool f)
    {
        if (!f)
            throw Except();
    }

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ctx.Except();
    }

    public static void Check(bool f, string msg)
    {
        if (!f)
            throw Except(msg);
    }

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ctx.Except(msg);
    }

    public static void CheckDecode(bool f)
    {
        if (!f)
            throw ExceptDecode();
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ctx.ExceptDecode();
    }

    public static void CheckDecode(bool f, string msg)
    {
        if (!f)
            throw ExceptDecode(msg);
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ctx.ExceptDecode(msg);
    }

    public static void CheckIO(bool f)
    {
        if (!f)
            throw ExceptIO();
    }

    public static void CheckIO(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ctx.ExceptIO();
    }

    public static void CheckIO(bool f, string msg)
    {
        if (!f)
            throw ExceptIO(msg);
    }

    public static void CheckIO(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ctx.ExceptIO(msg);
    }

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
            throw ExceptParam(paramName);
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName)
    {
        if (!f)
            throw ctx.ExceptParam(paramName);
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(paramName, msg);
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
            throw ctx.ExceptParam(paramName, msg);
    }

    public static void CheckUserArg(bool f, string name)
    {
        if (!f)
            throw ExceptUserArg(name);
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name)
    {
        if (!f)
            throw ctx.ExceptUserArg(name);
    }

    public static void CheckUserArg(bool f, string name, string msg)
    {
        if (!f)
            throw ExceptUserArg(name, msg);
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg)
    {
        if (!f)
            throw ctx.ExceptUserArg(name, msg);
    }

    public static void CheckParamValue<T>(bool f, T value, string paramName, string msg)
    {
        if (!f)
            throw ExceptParamValue(value, paramName, msg);
    }

    public static void CheckParamValue<T>(this IExceptionContext ctx, bool f, T value, string paramName, string msg)
    {
        if (!f)
            throw ctx.ExceptParamValue(value, paramName, msg);
    }

    public static void CheckValue<T>(T val, string paramName) where T : class
    {
        if (val is null)
            throw ExceptValue(paramName);
    }

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName) where T : class
    {
        if (val is null)
            throw ctx.ExceptValue(paramName);
    }

    public static T CheckValue<T>(T val, string paramName, string msg) where T : class
    {
        if (val is null)
            throw ExceptValue(paramName, msg);
        return val;
    }

    public static T CheckValue<T>(this IExceptionContext ctx, T val, string paramName, string msg) where T : class
    {
        if (val is null)
            throw ctx.ExceptValue(paramName, msg);
        return val;
    }

    public static T CheckRef<T>(T val, string paramName) where T : class
    {
        if (val is null)
            throw ExceptValue(paramName);
        return val;
    }

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName) where T : class
    {
        if (val is null)
            throw ctx.ExceptValue(paramName);
        return val;
    }

    public static string CheckNonEmpty(string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(paramName);
        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ctx.ExceptEmpty(paramName);
        return s;
    }

    public static string CheckNonEmpty(string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(paramName, msg);
        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
            throw ctx.ExceptEmpty(paramName, msg);
        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(paramName);
        return s;
    }

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ctx.ExceptWhiteSpace(paramName);
        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName, string msg)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(paramName, msg);
        return s;
    }

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName, string msg)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ctx.ExceptWhiteSpace(paramName, msg);
        return s;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName)
    {
        if (args is null || args.Length == 0)
            throw ExceptEmpty(paramName);
        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName)
    {
        if (args is null || args.Length == 0)
            throw ctx.ExceptEmpty(paramName);
        return args;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName, string msg)
    {
        if (args is null || args.Length == 0)
            throw ExceptEmpty(paramName, msg);
        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName, string msg)
    {
        if (args is null || args.Length == 0)
            throw ctx.ExceptEmpty(paramName, msg);
        return args;
    }

    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
            throw Process(new OperationCanceledException("Operation was cancelled."), env);
    }
}
