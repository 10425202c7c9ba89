using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>
/// The outputs of a network, one for each class, while weights are read that belong to classes by name: those of another order are put into
/// this network's, those of other classes are left out.
/// </summary>
internal sealed class ClassOutputs(CnnArchitecture architecture, nn.Module<Tensor, Tensor> network, ImageShape images, IReadOnlyList<string> classNames)
{
    /// <summary>Whether the file had the classes in another order.</summary>
    public bool Reordered { get; private set; }

    /// <summary>Reads weights.</summary>
    /// <param name="ofFile">The classes of the file, in its order; null where it does not name them.</param>
    /// <param name="read">Reads them as they are, and gives the names of the entries that it left alone.</param>
    /// <returns>The names of all entries that are as they were.</returns>
    public IReadOnlyList<string> Load(IReadOnlyList<string>? ofFile, Func<IReadOnlyList<string>> read)
    {
        if (ofFile is null || ofFile.Count != classNames.Count || ofFile.SequenceEqual(classNames))
            return read();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var outputs = Outputs();
        var before = outputs.ConvertAll(output => output.Value.detach().clone());
        var left = read();
        var places = classNames.Select(name => ofFile.ToList().IndexOf(name)).ToList();
        if (Reordered = !places.Contains(-1) && places.Distinct().Count() == places.Count && outputs.TrueForAll(output => output.Value.shape[output.Dimension] == places.Count))
        {
            var order = ComputeDevice.Cpu.Of([.. places.Select(place => (long)place)]);
            outputs.ForEach(output => output.Value.copy_(output.Value.index_select(output.Dimension, order)));
            return left;
        }
        foreach (var (output, value) in outputs.Zip(before))
            output.Value.copy_(value);
        return [.. left.Union(outputs.Select(output => output.Name))];
    }

    // The entries whose sizes depend on the number of classes, and the dimension that does.
    private List<(string Name, Tensor Value, int Dimension)> Outputs()
    {
        using var wider = architecture.CreateBlankNetwork(images, classNames.Count + 1);
        return [.. NetworkState.Entries(network).Zip(NetworkState.Entries(wider), (entry, other) =>
            (entry.Name, entry.Value, Enumerable.Range(0, entry.Value.shape.Length).FirstOrDefault(at => entry.Value.shape[at] != other.Value.shape[at], -1)))
            .Where(entry => entry.Item3 >= 0)];
    }
}
