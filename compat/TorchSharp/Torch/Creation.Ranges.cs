namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Range(start, stop, step, dtype, device, requires_grad);
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Range(start, stop, 1, dtype, device, requires_grad);
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Range(0, stop, 1, dtype, device, requires_grad);
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Finished(Op.Call("aten::linspace", start, end, steps, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Finished(Op.Call("aten::logspace", start, end, steps, @base, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Eye(rows, columns, dtype, device, requires_grad, names);
    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        EmptyStrided(size, strides, dtype, device, requires_grad, names);
    public static Tensor normal(Tensor mean, Tensor std, Generator generator = null) => Op.Call("aten::normal.Tensor_Tensor", mean, std, generator);
    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        randn(size, dtype, device, false, generator, names).mul_(std).add_(mean).requires_grad_(requires_grad);
    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(0, high, new Size(size).Shape, dtype, device, requires_grad, generator, names);
    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(low, high, new Size(size).Shape, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(0, high, size.Shape, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(0, high, size, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(low, high, size.Shape, dtype, device, requires_grad, generator, names);
    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null, string[] names = null) =>
        RandInt(low, high, size, dtype, device, requires_grad, generator, names);
    public static Tensor randperm(long n, ScalarType? dtype = null, Device device = null, bool requires_grad = false, Generator generator = null) =>
        Finished(Op.Call("aten::randperm.generator", n, generator, dtype ?? ScalarType.Int64, Arg.None, InitializeDevice(device)), requires_grad);
    public static int randint_int(int high, Generator generator = null) => (int)RandomInteger(0, high, generator);
    public static int randint_int(int low, int high, Generator generator = null) => (int)RandomInteger(low, high, generator);
    public static long randint_long(long high, Generator generator = null) => RandomInteger(0, high, generator);
    public static long randint_long(long low, long high, Generator generator = null) => RandomInteger(low, high, generator);
    public static bool randint_bool(Generator generator = null) => RandomInteger(0, 2, generator) == 1;
    public static double rand_float(Generator generator = null) => Number(rand(1, ScalarType.Float64, generator: generator));
    public static double randn_float(Generator generator = null) => Number(randn(1, ScalarType.Float64, generator: generator));
    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null) =>
        Op.Call("aten::tril_indices", row, col, offset, dtype, Arg.None, InitializeDevice(device));
    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device device = null) =>
        Op.Call("aten::triu_indices", row, col, offset, dtype, Arg.None, InitializeDevice(device));

    private static Tensor Full(long[] size, Scalar value, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        RejectNames(names);
        return Finished(Op.Call("aten::full", size, value, dtype ?? DefaultTypeOf(value), Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Range(Scalar start, Scalar stop, Scalar step, ScalarType? dtype, Device device, bool requires_grad)
    {
        bool whole = start.Kind != ValueKind.Double && stop.Kind != ValueKind.Double && step.Kind != ValueKind.Double;
        ScalarType type = dtype ?? (whole ? ScalarType.Int64 : get_default_dtype());
        return Finished(Op.Call("aten::arange.start_step", start, stop, step, type, Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static ScalarType DefaultTypeOf(Scalar value) => value.Kind switch
    {
        ValueKind.Bool => ScalarType.Bool,
        ValueKind.Int => ScalarType.Int64,
        _ => get_default_dtype(),
    };

    private static Tensor Eye(long rows, long columns, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        RejectNames(names);
        Device target = InitializeDevice(device);
        return Finished(Op.Call("aten::eye.m", rows, columns < 0 ? rows : columns, dtype ?? get_default_dtype(), Arg.None, target), requires_grad);
    }

    private static Tensor EmptyStrided(long[] size, long[] strides, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        RejectNames(names);
        return Finished(Op.Call("aten::empty_strided", size, strides, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static Tensor RandInt(
        long low, long high, long[] size, ScalarType? dtype, Device device, bool requires_grad, Generator generator, string[] names)
    {
        RejectNames(names);
        ScalarType type = dtype ?? ScalarType.Int64;
        return Finished(Op.Call("aten::randint.low_generator", low, high, size, generator, type, Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static long RandomInteger(long low, long high, Generator generator)
    {
        using Tensor tensor = randint(low, high, (long[])[1], generator: generator);
        return tensor.item<long>();
    }

    private static double Number(Tensor tensor)
    {
        using (tensor) return tensor.item<double>();
    }
}
