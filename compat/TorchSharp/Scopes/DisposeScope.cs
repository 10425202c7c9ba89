using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made while it is the innermost scope of its thread, and disposes them when it ends.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager manager;
    private readonly DisposeScope outer;
    private HashSet<IDisposable> disposables = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope outer) => (this.manager, this.outer) = (manager, outer);

    public IReadOnlyList<IDisposable> DisposablesView => disposables.ToList();

    public int DisposablesCount => disposables.Count;

    public bool Contains(IDisposable disposable) => disposables.Contains(disposable);

    internal void Add(IDisposable disposable) => disposables.Add(disposable);

    public void Attach(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
        {
            // One that was detached, or never in a scope, counts as alive in a scope again.
            if (tensor.OwningDisposeScope is null && !tensor.IsInvalid) manager.OwnStatistics.DisposedInScopeCount--;
            tensor.OwningDisposeScope?.disposables.Remove(tensor);
        }
        Receive(disposable);
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        List<IDisposable> attached = disposables.ToList();
        foreach (IDisposable disposable in attached) Attach(disposable);
        return attached;
    }

    private void Receive(IDisposable disposable)
    {
        disposables.Add(disposable);
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = this;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        DetachOne(disposable);
        return disposable;
    }

    public (T1, T2) Detach<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => (Detach(first), Detach(second));

    public (T1, T2, T3) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables) DetachOne(disposable);
    }

    private void DetachOne(IDisposable disposable)
    {
        if (!disposables.Remove(disposable)) return;
        manager.OwnStatistics.DetachedFromScopeCount++;
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(outer, disposable);

    public (T1, T2) MoveToOuter<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable => MoveToOther(outer, first, second);

    public (T1, T2, T3) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable => MoveToOther(outer, first, second, third);

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(outer, (IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(outer, disposables);

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        MoveOne(scope, disposable);
        return disposable;
    }

    public (T1, T2) MoveToOther<T1, T2>(DisposeScope scope, T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1, T2, T3) MoveToOther<T1, T2, T3>(DisposeScope scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable =>
        (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope scope, IEnumerable<IDisposable> disposables)
    {
        foreach (IDisposable disposable in disposables) MoveOne(scope, disposable);
    }

    private void MoveOne(DisposeScope scope, IDisposable disposable)
    {
        if (scope is null) DetachOne(disposable);
        else if (disposables.Remove(disposable)) scope.Receive(disposable);
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1, T2) DisposeEverythingBut<T1, T2>(T1 first, T2 second) where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1, T2, T3) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        HashSet<IDisposable> old = disposables;
        disposables = new HashSet<IDisposable>(inKeep.Where(old.Contains), ReferenceEqualityComparer.Instance);
        foreach (IDisposable disposable in old)
            if (!disposables.Contains(disposable)) DisposeOne(disposable);
    }

    private void DisposeOne(IDisposable disposable)
    {
        if (disposable is Tensor tensor)
        {
            tensor.OwningDisposeScope = null;
            if (tensor.IsInvalid) return;
        }
        manager.OwnStatistics.DisposedInScopeCount++;
        disposable.Dispose();
    }

    /// <summary>Tells the scope that one of its disposables was disposed elsewhere.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        manager.OwnStatistics.DisposedInScopeCount++;
        disposables.Remove(disposable);
        if (disposable is Tensor tensor) tensor.OwningDisposeScope = null;
    }

    public void Dispose()
    {
        DisposeEverything();
        manager.Close(this);
    }
}
