namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers on the CPU with its own state.</summary>
    public class Generator : IDisposable
    {
        private nint handle;

        public unsafe Generator(ulong seed = 0, Device device = null)
        {
            this.device = device ?? CPU;
            if (this.device.type != DeviceType.CPU) throw new ArgumentException($"A generator can only be made for the CPU, not for {this.device}.");
            nint created;
            NativeMethods.Check(NativeMethods.cnntorch_generator_new(seed, &created));
            handle = created;
        }

        private Generator(nint handle) => (this.handle, device) = (handle, CPU);

        ~Generator() => Dispose(false);

        public static unsafe Generator Default
        {
            get
            {
                nint shared;
                NativeMethods.Check(NativeMethods.cnntorch_generator_default(&shared));
                return new Generator(shared);
            }
        }

        public IntPtr Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Device device { get; }

        public unsafe Tensor get_state()
        {
            nint state;
            NativeMethods.Check(NativeMethods.cnntorch_generator_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.cnntorch_generator_set_state(Handle, value is null ? 0 : value.Handle));
            GC.KeepAlive(value);
            GC.KeepAlive(this);
        }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.cnntorch_generator_seed(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        public unsafe long initial_seed()
        {
            ulong seed;
            NativeMethods.Check(NativeMethods.cnntorch_generator_initial_seed(Handle, &seed));
            GC.KeepAlive(this);
            return (long)seed;
        }

        /// <summary>Seeds from the system's entropy and gives that seed.</summary>
        public long seed()
        {
            long seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
            manual_seed(seed);
            return seed;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint released = Interlocked.Exchange(ref handle, 0);
            if (released != 0) NativeMethods.cnntorch_generator_free(released);
        }
    }

    /// <summary>Seeds the default generators, of all devices.</summary>
    public static Generator manual_seed(long seed)
    {
        NativeMethods.Check(NativeMethods.cnntorch_manual_seed((ulong)seed));
        return Generator.Default;
    }

    public static long seed() => Generator.Default.seed();
    public static long initial_seed() => Generator.Default.initial_seed();
    public static Tensor get_rng_state() => Generator.Default.get_state();
    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long seed() => torch.seed();
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
