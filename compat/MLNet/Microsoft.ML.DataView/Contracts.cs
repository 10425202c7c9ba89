namespace Microsoft.ML.Internal.DataView;

/// <summary>Checks and exceptions of this assembly; Microsoft.ML.Core has the large family with contexts.</summary>
internal static class Contracts
{
    public static Exception Except(string msg) => new InvalidOperationException(msg);

    public static Exception ExceptParam(string paramName) => new ArgumentOutOfRangeException(paramName);

    public static Exception ExceptParam(string paramName, string msg) => new ArgumentOutOfRangeException(paramName, msg);

    public static Exception ExceptParam(string paramName, string msg, params object[] args) =>
        new ArgumentOutOfRangeException(paramName, string.Format(msg, args));

    public static Exception ExceptValue(string paramName) => new ArgumentNullException(paramName);

    public static void Check(bool f, string msg)
    {
        if (!f)
            throw Except(msg);
    }

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
            throw ExceptParam(paramName);
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(paramName, msg);
    }

    public static void CheckParam(bool f, string paramName, string msg, params object[] args)
    {
        if (!f)
            throw ExceptParam(paramName, msg, args);
    }

    public static void CheckValue<T>(T val, string paramName) where T : class
    {
        if (val is null)
            throw ExceptValue(paramName);
    }

    internal static void CheckNonEmpty(string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptValue(paramName);
    }
}
