using TorchSharp;
using static Compat.Tensors.Values;
using static TorchSharp.torch;

namespace Compat.Tensors;

public sealed class ScopeTests
{
    [Fact]
    public void Tensors_die_with_their_scope_unless_moved_or_detached()
    {
        Tensor inner, outer, free;
        using (DisposeScope first = NewDisposeScope())
        {
            using (DisposeScope second = NewDisposeScope())
            {
                inner = zeros(1);
                outer = zeros(1).MoveToOuterDisposeScope();
                free = second.Detach(zeros(1));
                Assert.Equal(1, second.DisposablesCount);
                Assert.Same(second, CurrentDisposeScope);
            }
            Assert.True(inner.IsInvalid);
            Assert.False(outer.IsInvalid);
            Assert.True(first.Contains(outer));
        }
        Assert.True(outer.IsInvalid);
        Assert.False(free.IsInvalid);
        Assert.Null(CurrentDisposeScope);
    }

    [Fact]
    public void All_but_some_are_disposed_midway()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor kept = zeros(1), gone = zeros(1);
        Assert.Same(kept, scope.DisposeEverythingBut(kept));
        Assert.True(gone.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
        kept.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Intermediate_results_of_an_expression_leave_nothing()
    {
        using Tensor x = Of(1, 2, 3);
        using DisposeScope scope = NewDisposeScope();
        using Tensor result = WrappedTensorDisposeScope(() => ((x + 1) * 2).sqrt().sum());
        Assert.Equal(1, scope.DisposablesCount);
        Assert.Equal(2 + MathF.Sqrt(6) + MathF.Sqrt(8), result.item<float>(), 1e-5f);
    }

    [Fact]
    public void Indexing_leaves_only_its_result()
    {
        using Tensor x = zeros(3, 4, 5);
        using DisposeScope scope = NewDisposeScope();
        _ = x[0, 1, 2];
        _ = x[1.., TensorIndex.Ellipsis, 2];
        x[0, 0] = ones(5);
        Assert.Equal(3, scope.DisposablesCount);
    }

    [Fact]
    public void Counts_of_a_thread_are_kept()
    {
        ThreadDisposeScopeStatistics counts = DisposeScopeManager.Statistics;
        counts.Reset();
        using Tensor outside = zeros(1);
        using (DisposeScope scope = NewDisposeScope())
        {
            zeros(1).Dispose();
            _ = zeros(1);
            scope.Detach(zeros(1)).Dispose();
            Assert.Equal(1, counts.ThreadTotalLiveCount);
        }
        Assert.Equal((1L, 3L, 2L, 1L), (counts.CreatedOutsideScopeCount, counts.CreatedInScopeCount, counts.DisposedInScopeCount, counts.DetachedFromScopeCount));
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor other = null;
        Thread thread = new(() => other = zeros(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other));
        scope.Attach(other);
        Assert.True(scope.Contains(other));
    }

    [Fact]
    public void A_disposed_tensor_is_refused()
    {
        Tensor x = zeros(1);
        x.Dispose();
        x.Dispose();
        Assert.Equal("Tensor invalid -- empty handle.", Assert.Throws<InvalidOperationException>(() => x + 1).Message);
    }

    [Fact]
    public void A_forgotten_tensor_is_collected()
    {
        WeakReference forgotten = Forget();
        for (int i = 0; i < 10 && forgotten.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(forgotten.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Forget() => new(zeros(1000));

    [Fact]
    public void A_handle_can_be_taken_over()
    {
        Tensor x = Of(5), second = x.alias();
        using Tensor taken = Tensor.UnsafeCreateTensor(x.DecoupleFromNativeHandle());
        Assert.True(x.IsInvalid);
        second.add_(1);
        second.Dispose();
        AreClose([6], taken);
    }
}
