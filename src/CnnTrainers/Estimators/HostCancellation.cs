using CnnTrainers.Persistence;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Estimators;

/// <summary>
/// A token that is cancelled with the options' own, and where the host of the environment is cancelled, as ML.NET's AutoML does with a trial whose time is
/// over. A host tells nobody: it is asked now and then.
/// </summary>
internal sealed class HostCancellation : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;

    public HostCancellation(IHostEnvironment host, CancellationToken own)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(own);
        var source = _source; // the timer may call once more after the end
        _timer = new Timer(_ =>
        {
            if (!MLNetInternals.IsCanceled(host))
                return;
            try
            {
                source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The work has ended meanwhile.
            }
        }, null, TimeSpan.Zero, Every);
    }

    /// <summary>The token.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Runs something with the token. Who cancelled by a token of his own finds that one in the exception.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T Run<T>(IHostEnvironment host, CancellationToken own, Func<CancellationToken, T> work)
    {
        using var cancellation = new HostCancellation(host, own);
        try
        {
            return work(cancellation.Token);
        }
        catch (OperationCanceledException fault) when (own.IsCancellationRequested && fault.CancellationToken != own)
        {
            throw new OperationCanceledException(fault.Message, fault, own);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }
}
