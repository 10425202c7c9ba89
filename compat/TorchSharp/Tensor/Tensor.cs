namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. Each object owns one native handle; it goes with Dispose, its dispose scope, or the collector.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;
        private nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            long count = Interlocked.Increment(ref totalCount);
            if (count > Interlocked.Read(ref peakCount)) Interlocked.Exchange(ref peakCount, count);
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors of this process that are not yet disposed or collected.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        public static long PeakCount => Interlocked.Read(ref peakCount);

        internal DisposeScope OwningDisposeScope { get; set; }

        public bool IsInvalid => handle == 0;

        public IntPtr Handle =>
            handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public void Dispose()
        {
            if (handle != 0) OwningDisposeScope?.MarkAsDisposed(this);
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint released = Interlocked.Exchange(ref handle, 0);
            if (released == 0) return;
            Interlocked.Decrement(ref totalCount);
            NativeMethods.cnntorch_tensor_free(released);
        }

        /// <summary>Takes the native handle away: this object is invalid afterwards, the caller owns the handle.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            GC.SuppressFinalize(this);
            nint released = Interlocked.Exchange(ref handle, 0);
            if (released != 0) Interlocked.Decrement(ref totalCount);
            return released;
        }

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        [Obsolete("This method is misspelled; use DetachFromDisposeScope.")]
        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null) other?.Attach(this);
            else OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        /// <summary>A second object for the same native tensor.</summary>
        public unsafe Tensor alias()
        {
            nint result;
            NativeMethods.Check(NativeMethods.cnntorch_tensor_alias(Handle, &result));
            GC.KeepAlive(this);
            return new Tensor(result);
        }

        public override bool Equals(object obj) => obj is Tensor other && Equals(other);

        public bool Equals(Tensor target) => ReferenceEquals(this, target) || (target is not null && SameShape(target) && Op.CallBool("aten::equal", this, target));

        private bool SameShape(Tensor other) => shape.AsSpan().SequenceEqual(other.shape);

        public override int GetHashCode() => base.GetHashCode();
    }
}
