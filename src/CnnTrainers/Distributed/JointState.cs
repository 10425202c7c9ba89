using System.IO.Hashing;
using System.Runtime.InteropServices;
using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Distributed;

/// <summary>What keeps the networks of all processes equal.</summary>
internal static class JointState
{
    /// <summary>Gives all processes the values of the first.</summary>
    public static void Broadcast(IEnumerable<Tensor> values, Ranks ranks)
    {
        if (ranks.IsAlone)
            return;
        using var noGrad = no_grad();
        foreach (var value in values)
        {
            using var scope = NewDisposeScope();
            var here = ComputeDevice.At(value).Read(value).contiguous().clone();
            ranks.Broadcast(here.bytes);
            value.copy_(here);
        }
    }

    /// <summary>Gives all processes the mean of each value.</summary>
    public static void Average(IReadOnlyList<Tensor> values, Ranks ranks)
    {
        if (ranks.IsAlone || values.Count == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var all = ComputeDevice.At(values[0]).Read(cat([.. values.Select(value => value.reshape(-1).to(ScalarType.Float32))])).contiguous();
        ranks.Sum(MemoryMarshal.Cast<byte, float>(all.bytes));
        all.div_(ranks.Size);
        long at = 0;
        foreach (var value in values)
        {
            value.copy_(all.narrow(0, at, value.numel()).reshape(value.shape));
            at += value.numel();
        }
    }

    /// <summary>The running averages of a network's norms, and what else it keeps that gradients do not change.</summary>
    public static IReadOnlyList<Tensor> Kept(nn.Module network) => [.. network.buffers().Where(buffer => buffer.is_floating_point())];

    /// <summary>Makes sure that all have the same network.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    public static void CheckEqual(nn.Module network, Ranks ranks, int epoch)
    {
        if (ranks.IsAlone)
            return;
        using var noGrad = no_grad();
        var hash = new XxHash128();
        foreach (var (_, value) in NetworkState.Entries(network))
        {
            using var scope = NewDisposeScope();
            hash.Append(ComputeDevice.At(value).Read(value).contiguous().bytes);
        }
        var hashes = ranks.Gather(hash.GetCurrentHash());
        if (Array.FindIndex(hashes, one => !one.AsSpan().SequenceEqual(hashes[0])) is var other and >= 0)
            throw new InvalidOperationException(
                $"After epoch {epoch} the weights of rank {other} differ from those of rank 0. The processes must run the same program with the same libraries on the same kind of processor; a network of one's own must compute the same on all.");
    }
}
