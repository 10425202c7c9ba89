using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CnnTrainers.Kernels;

/// <summary>libtorch's errors as people can read them: without the addresses of its own functions, which TorchSharp passes on.</summary>
internal static class LibTorchErrors
{
    private const string Addresses = "Exception raised from ";

    /// <summary>What libtorch says, in one line.</summary>
    public static string Plain(string message)
    {
        var at = message.IndexOf(Addresses, StringComparison.Ordinal);
        return string.Join(' ', (at < 0 ? message : message[..at]).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The error without addresses, where it has any; else the same. It keeps the place where it was thrown.</summary>
    public static Exception Plain(Exception fault)
    {
        if (fault is not ExternalException || !fault.Message.Contains(Addresses, StringComparison.Ordinal))
            return fault;
        var plain = new ExternalException(Plain(fault.Message));
        return fault.StackTrace is { } trace ? ExceptionDispatchInfo.SetRemoteStackTrace(plain, trace) : plain;
    }

    /// <summary>Runs something whose errors are shown to users.</summary>
    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException fault)
        {
            throw Plain(fault);
        }
    }
}
