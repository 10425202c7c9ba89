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
    /// <param name="isShared">Whether the processes of an MPI run share its work; null: never, the first does it all.</param>
    public static void SetBody(this Command command, Func<ParseResult, CancellationToken, int> body, bool needsLibTorch = true, Func<ParseResult, bool>? isShared = null) =>
        command.SetAction((parsed, cancel) => Task.Run(
            () => Run(() => Body(() => body(parsed, cancel), needsLibTorch, isShared?.Invoke(parsed) ?? false), cancel), CancellationToken.None));

    private static int Body(Func<int> body, bool needsLibTorch, bool isShared)
    {
        if (isShared) Launched.Share();
        else if (!Launched.IsFirst) return ExitCode.Well;
        if (needsLibTorch) LibTorch.Load();
        int code = body();
        Launched.Finish();
        return code;
    }

    private static int Run(Func<int> body, CancellationToken cancel)
    {
        try
        {
            return body();
        }
        catch (CliException e)
        {
            return Fail(e, e.Message, cancel, e.ExitCode);
        }
        catch (Exception e) when (cancel.IsCancellationRequested)
        {
            // Another process of the run may have heard of it earlier.
            return Fail(Cause(e), e is OperationCanceledException or CnnRankException ? "stopped; no file was written" : Explain(e), cancel);
        }
        catch (Exception e)
        {
            if (Environment.GetEnvironmentVariable("CNN_DEBUG") is { Length: > 0 }) Console.Error.WriteLine(e);
            return Fail(Cause(e), Explain(e), cancel);
        }
    }

    /// <summary>The message that says what happened: wrappers that only say that something failed are passed over.</summary>
    public static string Explain(Exception exception) => Cause(exception).Message;

    private static Exception Cause(Exception exception)
    {
        Exception e = exception;
        while (e.InnerException is not null && IsWrapper(e)) e = e.InnerException;
        return e;
    }

    private static bool IsWrapper(Exception e) =>
        e is AggregateException or System.Reflection.TargetInvocationException or TypeInitializationException ||
        e.Message.StartsWith("Splitter/consolidator worker encountered exception", StringComparison.Ordinal);

    private static int Fail(Exception fault, string message, CancellationToken cancel, int exitCode = ExitCode.Failed)
    {
        if (Launched.Fail(fault as CnnRankException ?? (Exception)new CliException(message)))
            Console.Error.WriteLine($"cnn: {(Launched.IsFirst ? "" : $"rank {CnnDistributed.Rank}: ")}{message}");
        else
            cancel.WaitHandle.WaitOne(TimeSpan.FromSeconds(1)); // mpirun takes the exit code of the first that ends, which is for who said why, and stops the others
        return exitCode;
    }
}
