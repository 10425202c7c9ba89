using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Calls an operator of libtorch by its name: "aten::relu", "aten::add.Tensor" (name.overload).
/// Arguments that are left out at the end take the schema's defaults. libtorch's errors come as <see cref="ExternalException"/>.
/// </summary>
internal static unsafe class Op
{
    private const int StackWords = 256;
    private static readonly ConcurrentDictionary<string, nint> operators = new();

    /// <summary>The operator's only result, or null where that is undefined (None).</summary>
    public static Tensor Call(string name, params ReadOnlySpan<Arg> args)
    {
        Value result;
        int count = Invoke(name, args, &result, 1);
        if (count == 1) return TensorOf(result);
        Release(count);
        throw new InvalidOperationException($"{name} has {count} results, not one.");
    }

    /// <summary>All results; a list of tensors counts as its elements.</summary>
    public static Tensor[] CallMany(string name, params ReadOnlySpan<Arg> args)
    {
        const int few = 8;
        Value* results = stackalloc Value[few];
        int count = Invoke(name, args, results, few);
        if (count <= few) return TensorsOf(new ReadOnlySpan<Value>(results, count));
        return TensorsOf(Take(count));
    }

    /// <summary>For operators that work in place: their result, the same tensor again, is dropped.</summary>
    public static void CallVoid(string name, params ReadOnlySpan<Arg> args)
    {
        const int few = 4;
        Value* results = stackalloc Value[few];
        int count = Invoke(name, args, results, few);
        if (count > few) Release(count);
        else Release(new ReadOnlySpan<Value>(results, count));
    }

    /// <summary>For operators that change their first argument: gives that tensor back.</summary>
    public static Tensor InPlace(string name, params ReadOnlySpan<Arg> args)
    {
        CallVoid(name, args);
        return args[0].Tensor;
    }

    /// <summary>The only result, where that is a number.</summary>
    public static Scalar CallScalar(string name, params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(name, args, &result, 1);
        return new Scalar(result.Kind, result.Bits);
    }

    /// <summary>The only result, where that is a truth value.</summary>
    public static bool CallBool(string name, params ReadOnlySpan<Arg> args)
    {
        Value result;
        Invoke(name, args, &result, 1);
        return result.Bits != 0;
    }

    private static int Invoke(string name, ReadOnlySpan<Arg> args, Value* results, int maxResults)
    {
        int words = 0;
        foreach (ref readonly Arg arg in args) words += arg.Words;
        if (words > StackWords)
        {
            long[] rented = GC.AllocateUninitializedArray<long>(words, pinned: true);
            int resultCount = Invoke(Find(name), args, results, maxResults, (long*)Marshal.UnsafeAddrOfPinnedArrayElement(rented, 0));
            GC.KeepAlive(rented);
            return resultCount;
        }
        long* scratch = stackalloc long[words];
        return Invoke(Find(name), args, results, maxResults, scratch);
    }

    private static int Invoke(nint op, ReadOnlySpan<Arg> args, Value* results, int maxResults, long* scratch)
    {
        Value* values = stackalloc Value[args.Length];
        for (int i = 0; i < args.Length; i++)
        {
            args[i].Write(values + i, scratch);
            scratch += args[i].Words;
        }
        int count;
        NativeMethods.Check(NativeMethods.cnntorch_call(op, values, args.Length, results, maxResults, &count));
        return count;
    }

    private static nint Find(string name) => operators.TryGetValue(name, out nint op) ? op : operators.GetOrAdd(name, Resolve);

    private static nint Resolve(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        byte[] operatorName = Encoding.UTF8.GetBytes((dot < 0 ? name : name[..dot]) + "\0");
        byte[] overload = Encoding.UTF8.GetBytes((dot < 0 ? "" : name[(dot + 1)..]) + "\0");
        nint op;
        fixed (byte* first = operatorName, second = overload) NativeMethods.Check(NativeMethods.cnntorch_op(first, second, &op));
        return op;
    }

    private static Value[] Take(int count)
    {
        Value[] results = new Value[count];
        fixed (Value* first = results) NativeMethods.Check(NativeMethods.cnntorch_take_results(first, count));
        return results;
    }

    private static Tensor[] TensorsOf(ReadOnlySpan<Value> results)
    {
        Tensor[] tensors = new Tensor[results.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = TensorOf(results[i]);
        return tensors;
    }

    private static Tensor TensorOf(in Value result) => result.Kind switch
    {
        ValueKind.Tensor => new Tensor((nint)result.Bits),
        ValueKind.None => null,
        _ => throw new InvalidOperationException($"A tensor was expected as the result, not {result.Kind}."),
    };

    private static void Release(int pending) => Release(Take(pending));

    private static void Release(ReadOnlySpan<Value> results)
    {
        foreach (ref readonly Value result in results)
            if (result.Kind == ValueKind.Tensor) NativeMethods.cnntorch_tensor_free((nint)result.Bits);
    }
}
