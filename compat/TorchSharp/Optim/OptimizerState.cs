using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter between steps.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    internal Parameter Parameter => _parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void LoadStateDict(OptimizerState source);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void SaveStateDict(BinaryWriter writer);

    public virtual bool ApproximatelyEquals(OptimizerState other) => GetType() == other.GetType();

    public virtual void to(Device device)
    {
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor result, Device device)
    {
        var present = reader.ReadBoolean();
        result?.Dispose();
        result = null;
        if (!present) return;
        using var read = TensorExtensionMethods.Load(reader);
        result = Keep(read.to(device));
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor tensor)
    {
        writer.Write(tensor is not null);
        if (tensor is not null) tensor.Save(writer);
    }

    /// <summary>State outlives the dispose scope of the step in which it came to be.</summary>
    private protected static Tensor Keep(Tensor tensor) => tensor?.DetachFromDisposeScope();

    private protected static Tensor ZerosLike(Parameter parameter)
    {
        using var detached = parameter.detach();
        return Keep(detached.zeros_like());
    }

    private protected static Tensor CopyOf(Tensor source)
    {
        using var detached = source?.detach();
        return Keep(detached?.clone());
    }

    private protected static void Replace(ref Tensor mine, Tensor source)
    {
        mine?.Dispose();
        mine = CopyOf(source);
    }

    private protected static void Move(ref Tensor tensor, Device device)
    {
        if (tensor is null || (tensor.device_type == device.type && tensor.device_index == device.index)) return;
        var moved = Keep(tensor.to(device));
        tensor.Dispose();
        tensor = moved;
    }

    private protected static bool Close(Tensor left, Tensor right) =>
        left is null ? right is null : right is not null && left.allclose(right);
}
