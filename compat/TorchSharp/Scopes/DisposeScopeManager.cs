namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager threadSingleton;

    private readonly Stack<DisposeScope> scopes = new();

    internal static DisposeScopeManager ThreadSingleton => threadSingleton ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.OwnStatistics;

    internal ThreadDisposeScopeStatistics OwnStatistics { get; } = new();

    internal DisposeScope Current => scopes.TryPeek(out DisposeScope scope) ? scope : null;

    /// <summary>Counts a new tensor and puts it into the innermost scope, which is given back; null without a scope.</summary>
    internal DisposeScope Register(IDisposable disposable)
    {
        DisposeScope scope = Current;
        if (scope is null)
        {
            OwnStatistics.CreatedOutsideScopeCount++;
            return null;
        }
        OwnStatistics.CreatedInScopeCount++;
        scope.Add(disposable);
        return scope;
    }

    internal DisposeScope Open()
    {
        DisposeScope scope = new(this, Current);
        scopes.Push(scope);
        return scope;
    }

    /// <summary>Scopes end innermost first; one that was left open inside the ending one ends with it.</summary>
    internal void Close(DisposeScope scope)
    {
        if (!scopes.Contains(scope)) return;
        while (scopes.Pop() != scope) { }
    }
}

/// <summary>Counts of one thread's tensors in dispose scopes.</summary>
public class ThreadDisposeScopeStatistics
{
    public long CreatedInScopeCount { get; internal set; }
    public long CreatedOutsideScopeCount { get; internal set; }
    public long DisposedInScopeCount { get; internal set; }
    public long DetachedFromScopeCount { get; internal set; }

    /// <summary>Created in scopes, and neither disposed there nor detached.</summary>
    public long ThreadTotalLiveCount => CreatedInScopeCount - DisposedInScopeCount - DetachedFromScopeCount;

    public void Reset() => CreatedInScopeCount = CreatedOutsideScopeCount = DisposedInScopeCount = DetachedFromScopeCount = 0;
}

public static partial class torch
{
    /// <summary>Opens a scope on this thread: tensors made until it ends die with it, unless moved or detached.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.Open();

    public static DisposeScope CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.Current;

    /// <summary>Runs the expression in a scope of its own; only its result lives on, in the outer scope.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using DisposeScope scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
