using CnnTrainers.Architectures;
using static TorchSharp.torch;

namespace CnnTrainers.Persistence;

/// <summary>A network's weights in managed memory, for as long as libtorch has none of them, or is not there.</summary>
/// <param name="Tensors">Every parameter and buffer.</param>
internal sealed record StoredWeights(IReadOnlyList<StoredWeights.Item> Tensors)
{
    /// <summary>One tensor, by the name of its type in safetensors files.</summary>
    internal sealed record Item(string Name, string Type, long[] Shape, byte[] Values);

    /// <summary>A network's weights.</summary>
    public static StoredWeights Of(nn.Module network) => new([.. NetworkState.Entries(network).Select(entry => Copy(entry.Name, entry.Value))]);

    /// <summary>Puts them into a network of the same architecture.</summary>
    public void CopyTo(nn.Module network)
    {
        var values = Tensors.ToDictionary(item => item.Name, item => item.Values);
        foreach (var (name, value) in NetworkState.Entries(network))
            values[name].CopyTo(value.bytes);
    }

    private static Item Copy(string name, Tensor value)
    {
        using var scope = NewDisposeScope();
        return new(name, SafeTensors.NameOf(value.dtype), value.shape, value.detach().cpu().contiguous().bytes.ToArray());
    }
}
