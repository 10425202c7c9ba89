using CnnTrainers.Architectures;
using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Inference;
using CnnTrainers.Kernels;
using CnnTrainers.Training;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace CnnTrainers.Persistence;

// A network in ML.NET's model file is four entries of the zip, in the transformer's directory:
//
//   Model.key             ML.NET's header, which names this library's loader; the payload is one i32, the version of this layout: 1.
//   Model.json            UTF-8. Format and version, the architecture with all its data, the input's shape, layout, mean and std, the
//                         classes in order with the type of their values, the columns' names, a summary of the training.
//   Weights.safetensors   every parameter and buffer under torchvision's name, as float32 or int64, to be taken out with any zip tool.
//   Network.onnx          The network's graph in ONNX's format, from raw pixels to logits, whose weights have names and shapes, but no values:
//                         for scoring where libtorch is not there. Missing in files of older versions, and of networks that ONNX cannot express.
//
// Model.json comes first in both directions: without it the weights mean nothing.

/// <summary>Writes and reads a network's part of a model file.</summary>
internal static class NetworkFile
{
    public const string DescriptionName = "Model.json", WeightsName = "Weights.safetensors", GraphName = "Network.onnx";
    private const int LayoutVersion = 1;

    /// <summary>Writes a model into the directory of a context.</summary>
    public static void Save(ModelSaveContext ctx, CnnModel model, SharedNetwork network)
    {
        List<(string, Action<Stream>)> streams = [(DescriptionName, stream => stream.Write(ModelDocument.Write(model))), (WeightsName, network.WriteWeights)];
        if (network.Graph is { } graph)
            streams.Add((GraphName, stream => stream.Write(graph)));
        MLNetInternals.Save(ctx, LayoutVersion, streams);
    }

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">A part is missing, cut off, of a newer version, or does not fit the others.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to score with; the message says which package to add.</exception>
    public static CnnTransformer Load(IHostEnvironment env, int layout, MLNetInternals.TryRead tryRead)
    {
        if (layout != LayoutVersion)
            throw new InvalidDataException($"The network's part of the model file has layout {layout}; this library reads layout {LayoutVersion}. Update CnnTrainers.");
        CnnModel? model = null;
        Require(tryRead, DescriptionName, stream => model = ReadDescription(stream));
        byte[]? graph = null;
        tryRead(GraphName, stream => graph = ReadBytes(stream));
        SharedNetwork? network = null;
        if (LibTorch.IsThere)
        {
            ScoringThreads.Ensure();
            Require(tryRead, WeightsName, stream => network = ReadNetwork(model!, stream));
            if (graph is not null)
                network!.Graph = graph;
        }
        else
        {
            CheckOnnxRuntime(model!, graph);
            Require(tryRead, WeightsName, stream => network = new SharedNetwork(model!, ReadWeights(stream), graph!));
        }
        return new CnnTransformer(env, model!, network!);
    }

    private static void CheckOnnxRuntime(CnnModel model, byte[]? graph)
    {
        if (!OnnxEngine.IsThere)
            throw new InvalidOperationException(
                $"There is nothing to score with: libtorch is not there, nor ONNX Runtime. Add one of these packages to the program: TorchSharp-cpu (libtorch, which trains too), or Microsoft.ML.OnnxRuntime (small, scores only). {LibTorch.Fault}");
        if (graph is null)
            throw new InvalidOperationException($"ONNX Runtime cannot score with this network: {OnnxGraph.WhyNot(model)} And {LibTorch.Fault}");
    }

    private static void Require(MLNetInternals.TryRead tryRead, string name, Action<Stream> read)
    {
        if (!tryRead(name, read))
            throw new InvalidDataException($"The model file has no {name} beside the network's Model.key.");
    }

    // A damaged description must not ask for more memory than the weights say that the network has. Parts that only training needs, and
    // small differences, which the comparison of names and shapes puts into words, are let through.
    private static TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> BuildWithin(CnnModel model, IReadOnlyList<SafeTensors.Entry> entries)
    {
        var values = entries.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));
        using var limit = new WeightLimit((2 * values) + 4_000_000, FormattableString.Invariant($"{WeightsName} has {values:N0} values; {model.Architecture.Name} on {model.Shape} with {model.Classes.Count} classes has many more."));
        return SharedNetwork.Build(model);
    }

    private static CnnModel ReadDescription(Stream stream) => ModelDocument.Read(ReadBytes(stream));

    private static byte[] ReadBytes(Stream stream)
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static StoredWeights ReadWeights(Stream stream) => SafeTensors.ReadAll(stream, ReadEntries(stream));

    // The header is checked in itself before anything is read.
    private static IReadOnlyList<SafeTensors.Entry> ReadEntries(Stream stream)
    {
        var entries = SafeTensors.ReadHeader(stream, out var start);
        var end = entries.Count == 0 ? 0 : entries[^1].End;
        if (stream.CanSeek && stream.Length != start + end)
            throw new InvalidDataException($"{WeightsName} is cut off or goes on: its header asks for {end} bytes of values, {stream.Length - start} are there.");
        return entries;
    }

    // The header is checked in itself before a network is built, and against the network before a value is read.
    private static SharedNetwork ReadNetwork(CnnModel model, Stream stream)
    {
        var entries = ReadEntries(stream);
        var network = BuildWithin(model, entries);
        try
        {
            var state = NetworkState.Entries(network).ToList();
            var faults = SafeTensors.Differences(entries, state);
            if (faults.Count > 0)
                throw new InvalidDataException($"{WeightsName} does not fit {model.Architecture.Name} on {model.Shape} with {model.Classes.Count} classes:{Listed.Lines(faults)}");
            SafeTensors.ReadInto(stream, entries, state);
            return new SharedNetwork(model, network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }
}
