namespace TorchSharp;

public static partial class torch
{
    private static Tensor Create(string name, long[] size, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        RejectNames(names);
        return Finished(Op.Call(name, size, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static Tensor CreateRandom(string name, long[] size, ScalarType? dtype, Device device, bool requires_grad, Generator generator, string[] names)
    {
        RejectNames(names);
        return Finished(Op.Call(name, size, generator, dtype ?? get_default_dtype(), Arg.None, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Finished(Tensor tensor, bool requires_grad)
    {
        if (requires_grad) tensor.requires_grad = true;
        return tensor;
    }

    private static void RejectNames(string[] names)
    {
        if (names is { Length: > 0 }) throw new NotSupportedException("Names of dimensions are not supported.");
    }
}
