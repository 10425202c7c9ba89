using System.Text.RegularExpressions;
using CnnTrainers.Architectures;
using CnnTrainers.Persistence;
using CnnTrainers.Persistence.Weights;
using static TorchSharp.torch;

namespace CnnTrainers;

/// <summary>
/// Weights of networks in files: <c>.safetensors</c> (read and written) and PyTorch's state dicts <c>.pth</c>, <c>.pt</c> (read, both forms of
/// <c>torch.save</c>), under torchvision's names. Reading runs no code of the file.
/// </summary>
public static partial class CnnWeights
{
    /// <summary>Writes every parameter and buffer of a network as a .safetensors file; an existing file is replaced once the new one is whole.</summary>
    /// <param name="network">The network.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(nn.Module<Tensor, Tensor> network, string path)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string unfinished = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream file = File.Create(unfinished)) SafeTensors.Write(file, NetworkState.Entries(network));
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Reads weights into a network, one tensor at a time; other element types are converted.</summary>
    /// <param name="network">The network; unchanged where the file does not fit.</param>
    /// <param name="path">A .safetensors file or a PyTorch state dict. Its kind is told by its content.</param>
    /// <param name="exceptHead">
    /// Whether the last layer may have another number of classes in the file: it then stays as it is. False (default): that is an error.
    /// </param>
    /// <returns>The names of the entries that stayed as they were; empty where everything was read.</returns>
    /// <remarks>
    /// Understood as well: names that all begin with <c>module.</c>, the old names of DenseNet (<c>norm.1</c>), files without
    /// <c>num_batches_tracked</c>, and auxiliary heads that the network was built without.
    /// </remarks>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">
    /// It is damaged, of another kind, or does not fit: missing, surplus and misshapen entries are listed together.
    /// </exception>
    public static IReadOnlyList<string> Load(nn.Module<Tensor, Tensor> network, string path, bool exceptHead = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        using WeightArchive archive = WeightArchive.Open(path);
        (string Name, Tensor Value)[] state = [.. NetworkState.Entries(network)];
        Dictionary<string, WeightEntry> file = Names(archive);
        IReadOnlyList<string> kept = exceptHead ? OtherHead(file, state) : [];
        Check(path, file, state, kept);

        using var noGrad = no_grad();
        foreach ((string name, Tensor value) in state)
        {
            if (kept.Contains(name) || !file.TryGetValue(name, out WeightEntry? entry)) continue;
            using Tensor read = Read(path, entry);
            value.copy_(read);
        }
        return kept;
    }

    private static Tensor Read(string path, WeightEntry entry)
    {
        try
        {
            return entry.Read();
        }
        catch (Exception e) when (e is EndOfStreamException || e is InvalidDataException && !e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: the values of {entry.Name} are damaged or cut off.", e);
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

    // The head is the module of the network's last entries; it differs where only its first dimension, the classes, does.
    private static List<string> OtherHead(Dictionary<string, WeightEntry> file, (string Name, Tensor Value)[] state)
    {
        string head = state[^1].Name[..(state[^1].Name.LastIndexOf('.') + 1)];
        (string Name, Tensor Value)[] entries = [.. state.Where(s => s.Name.StartsWith(head, StringComparison.Ordinal))];
        bool differs = entries.Any(s => file.TryGetValue(s.Name, out WeightEntry? e) && e.Shape.Length > 0 && e.Shape[0] != s.Value.shape[0] && e.Shape[1..].SequenceEqual(s.Value.shape[1..]));
        return differs ? [.. entries.Select(s => s.Name)] : [];
    }

    private static void Check(string path, Dictionary<string, WeightEntry> file, (string Name, Tensor Value)[] state, IReadOnlyList<string> kept)
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
        if (faults.Count > 0) throw new InvalidDataException($"{path} does not fit the network:{string.Concat(faults.Select(f => $"\n- {f}"))}");
    }

    private static string Form(long[] shape) => $"[{string.Join(", ", shape)}]";

    // denselayer1.norm.1.weight, as files of 2017 have it, for denselayer1.norm1.weight.
    [GeneratedRegex(@"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var|num_batches_tracked))$")]
    private static partial Regex OldDenseNetName();

    [GeneratedRegex(@"^(aux1|aux2|AuxLogits)\.")]
    private static partial Regex AuxiliaryHead();
}
