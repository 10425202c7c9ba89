using System.CommandLine;

namespace CnnTrainers.Cli;

/// <summary>A failure whose message is for the user as it stands.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Runs a command's body: cancellation by Ctrl-C, and every exception as one clear line instead of a stack trace.</summary>
internal static class CommandRunner
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="body">What it does; returns the exit code.</param>
    /// <param name="needsLibTorch">Whether it cannot do without libtorch.</param>
    public static void SetBody(this Command command, Func<ParseResult, CancellationToken, int> body, bool needsLibTorch = true) =>
        command.SetAction((parsed, cancel) => Task.Run(() => Run(() => Body(() => body(parsed, cancel), needsLibTorch), cancel), CancellationToken.None));

    private static int Body(Func<int> body, bool needsLibTorch)
    {
        if (needsLibTorch) LibTorch.Load();
        return body();
    }

    private static int Run(Func<int> body, CancellationToken cancel)
    {
        try
        {
            return body();
        }
        catch (CliException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (cancel.IsCancellationRequested)
        {
            return Fail(e is OperationCanceledException ? "stopped; no file was written" : Explain(e));
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable("CNN_DEBUG") is { Length: > 0 }) Console.Error.WriteLine(e);
            return Fail(Explain(e));
        }
    }

    /// <summary>The message that says what happened: wrappers that only say that something failed are passed over.</summary>
    public static string Explain(Exception exception)
    {
        Exception e = exception;
        while (e.InnerException is not null && IsWrapper(e)) e = e.InnerException;
        return e.Message;
    }

    private static bool IsWrapper(Exception e) =>
        e is AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException ||
        e.Message.StartsWith("Splitter/consolidator worker encountered exception", StringComparison.Ordinal);

    private static int Fail(string message, int exitCode = ExitCode.Failed)
    {
        Console.Error.WriteLine($"cnn: {message}");
        return exitCode;
    }
}
