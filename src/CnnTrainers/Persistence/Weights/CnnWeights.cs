using System.Text.RegularExpressions;
using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using CnnTrainers.Persistence.Weights;
using CnnTrainers.Training;
using static TorchSharp.torch;

namespace CnnTrainers;

/// <summary>
/// Weights of networks in files: <c>.safetensors</c> (read and written), PyTorch's state dicts <c>.pth</c>, <c>.pt</c> (read, both forms of
/// <c>torch.save</c>) and <c>.onnx</c> (read), under torchvision's names. Reading runs no code of the file.
/// </summary>
public static partial class CnnWeights
{
    /// <summary>Writes every parameter and buffer of a network as a .safetensors file; an existing file is replaced once the new one is whole.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file to write; by custom it ends with <c>.safetensors</c>.</param>
    /// <exception cref="ArgumentException">The path ends with <c>.pth</c> or <c>.pt</c>, PyTorch's form, which is not written; or the network has no weights.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(nn.Module<Tensor, Tensor> network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Path.GetExtension(path) is ".pth" or ".pt") throw new ArgumentException($"Weights are written as .safetensors, got '{path}'.", nameof(path));
        (string, Tensor)[] state = [.. NetworkState.Entries(network)];
        if (state.Length == 0) throw new ArgumentException("The network has no weights: it was disposed, or none of its layers has any.", nameof(network));
        AtomicFile.Write(path, file => SafeTensors.Write(file, state));
    }

    /// <summary>Reads weights into a network, one tensor at a time; other element types are converted.</summary>
    /// <param name="network">The network; unchanged where the file does not fit. Values found damaged only while they are read leave it half read.</param>
    /// <param name="path">A .safetensors file, a PyTorch state dict, or an ONNX file. Its kind is told by its content.</param>
    /// <param name="exceptHead">
    /// Whether the file may be of another number of classes, or end before the last layer: the layers that depend on it, mostly the last one,
    /// then stay as they are. False (default): that is an error.
    /// </param>
    /// <returns>The names of the entries that <paramref name="exceptHead"/> let stay as they were; empty where the number of classes is the same.</returns>
    /// <remarks>
    /// Understood as well: names that all begin with <c>module.</c>, the old names of DenseNet (<c>norm.1</c>), files without
    /// <c>num_batches_tracked</c>, and auxiliary heads that the network was built without.
    /// </remarks>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, of another kind, or does not fit: missing, surplus and misshapen entries are listed together.
    /// </exception>
    public static IReadOnlyList<string> Load(nn.Module<Tensor, Tensor> network, string path, bool exceptHead = false) => Load(network, path, exceptHead, out _);

    /// <summary>As the public one, with the normalisation that the file's weights belong to, where it is known.</summary>
    internal static IReadOnlyList<string> Load(nn.Module<Tensor, Tensor> network, string path, bool exceptHead, out Normalization? normalization)
    {
        ArgumentNullException.ThrowIfNull(network);
        using WeightArchive archive = WeightArchive.Open(path);
        normalization = archive.Normalization;
        (string Name, Tensor Value)[] state = [.. NetworkState.Entries(network)];
        Dictionary<string, WeightEntry> file = Names(archive);
        HashSet<string> kept = exceptHead ? OtherHead(file, state) : [];
        if (kept.Contains(state[^1].Name) && ForeignHead(file, state) is { } foreign) file = file.Where(entry => !foreign.Contains(entry.Key)).ToDictionary();
        Check(path, file, state, kept);
        foreach ((string name, Tensor value) in state)
            if (!kept.Contains(name) && file.TryGetValue(name, out WeightEntry? entry)) Read(path, entry, value);
        return [.. state.Select(s => s.Name).Where(kept.Contains)];
    }

    private static void Read(string path, WeightEntry entry, Tensor target)
    {
        try
        {
            entry.ReadInto(target);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}: the values of {entry.Name} are damaged or cut off: {e.Message}", e);
        }
    }

    private static Dictionary<string, WeightEntry> Names(WeightArchive archive)
    {
        const string wrapper = "module.";
        int cut = archive.Entries.All(e => e.Name.StartsWith(wrapper, StringComparison.Ordinal)) ? wrapper.Length : 0;
        var entries = new Dictionary<string, WeightEntry>();
        foreach (WeightEntry entry in archive.Entries)
            if (!entries.TryAdd(OldDenseNetName().Replace(entry.Name[cut..], "$1$2"), entry))
                throw new InvalidDataException($"{archive.Path}: two entries are named {entry.Name}.");
        return entries;
    }

    // The layers whose sizes in the file differ from the network's in nothing but the number of classes, which is the last layer's first size;
    // auxiliary heads that the file lacks; or, where it ends before the network does, the layers after that.
    private static HashSet<string> OtherHead(Dictionary<string, WeightEntry> file, (string Name, Tensor Value)[] state)
    {
        (string last, Tensor bias) = state[^1];
        HashSet<string> known = [.. file.Keys.Select(Layer)];
        if (!known.Contains(Layer(last))) return [.. state.Select(s => s.Name).Reverse().TakeWhile(name => !known.Contains(Layer(name)))];
        if (!file.TryGetValue(last, out WeightEntry? entry) || entry.Shape.Length == 0 || bias.dim() == 0) return [];
        (long theirs, long ours) = (entry.Shape[0], bias.shape[0]);
        HashSet<string> layers = [.. state.Where(s => file.TryGetValue(s.Name, out WeightEntry? e) && Differs(e.Shape, s.Value.shape)).Select(s => Layer(s.Name))];
        return [.. state.Select(s => s.Name).Where(name => layers.Contains(Layer(name)) || AuxiliaryHead().IsMatch(name) && !file.ContainsKey(name))];

        bool Differs(long[] theirShape, long[] shape) => theirShape.Length == shape.Length && !theirShape.SequenceEqual(shape)
            && theirShape.Zip(shape).All(n => n.First == n.Second || n == (theirs, ours));
    }

    // The head of the file, where the network has another layer in its place: all that is too much is one layer.
    private static string[]? ForeignHead(Dictionary<string, WeightEntry> file, (string Name, Tensor Value)[] state)
    {
        if (!state.Any(s => file.ContainsKey(s.Name))) return null;
        string[] surplus = [.. file.Keys.Except(state.Select(s => s.Name)).Where(name => !AuxiliaryHead().IsMatch(name))];
        return surplus.DistinctBy(Layer).Count() == 1 && !state.Any(s => Layer(s.Name) == Layer(surplus[0])) ? surplus : null;
    }

    private static string Layer(string name) => name[..(name.LastIndexOf('.') + 1)];

    private static void Check(string path, Dictionary<string, WeightEntry> file, (string Name, Tensor Value)[] state, HashSet<string> kept)
    {
        var faults = new List<string>();
        foreach ((string name, Tensor value) in state.Where(s => !kept.Contains(s.Name)))
        {
            if (!file.TryGetValue(name, out WeightEntry? entry))
            {
                if (!name.EndsWith("num_batches_tracked", StringComparison.Ordinal)) faults.Add($"{name} is missing, expected {Form(value.shape)}");
            }
            else if (!entry.Shape.SequenceEqual(value.shape)) faults.Add($"{name} is {Form(entry.Shape)}, expected {Form(value.shape)}");
        }
        HashSet<string> known = [.. state.Select(s => s.Name)];
        faults.AddRange(file.Keys.Where(name => !known.Contains(name) && !AuxiliaryHead().IsMatch(name)).Select(name => $"{name} is not part of the network"));
        if (faults.Count > 0) throw new InvalidDataException($"{path} does not fit the network:{Listed.Lines(faults)}");
    }

    /// <summary>Whether an entry is of an auxiliary head, which only training needs.</summary>
    internal static bool IsAuxiliary(string name) => AuxiliaryHead().IsMatch(name);

    private static string Form(long[] shape) => $"[{string.Join(", ", shape)}]";

    // denselayer1.norm.1.weight, as files of 2017 have it, for denselayer1.norm1.weight.
    [GeneratedRegex(@"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$")]
    private static partial Regex OldDenseNetName();

    [GeneratedRegex(@"^(aux1|aux2|AuxLogits)\.")]
    private static partial Regex AuxiliaryHead();
}
