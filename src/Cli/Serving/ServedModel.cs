using System.Collections.Concurrent;
using System.Security.Cryptography;
using CnnTrainers.Devices;
using CnnTrainers.Kernels;
using Microsoft.ML;
using Microsoft.ML.Data;
using TorchSharp;

namespace CnnTrainers.Cli.Serving;

/// <summary>
/// A model file as it was at one time. Whoever uses it enters and leaves; the last one that leaves frees it, so that a request that began with it ends
/// with it, whatever is loaded meanwhile.
/// </summary>
internal sealed class ServedModel
{
    private const int NameLength = 12;

    private readonly ImageIntake _intake;
    private readonly ConcurrentBag<float[]> _planes = []; // of images, to be used again
    private torch.nn.Module<torch.Tensor, torch.Tensor>? _explained; // a copy, for gradients
    private LastStage? _stage;
    private int _users = 1;

    private ServedModel(string id, CnnTransformer network, ImageIntake intake) => (Id, Network, _intake) = (id, network, intake);

    /// <summary>The beginning of the file's SHA-256: which model it is that answered.</summary>
    public string Id { get; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset Loaded { get; } = DateTimeOffset.UtcNow;

    /// <summary>The network.</summary>
    public CnnTransformer Network { get; }

    /// <summary>Whether it has features: whether its last layer is one that all comes through.</summary>
    public bool HasFeatures => Network.FeaturesColumnName is not null;

    /// <summary>Loads a file and scores a first image with it, so that no request has to wait for what is made once.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="how">What it computes on, in and by.</param>
    /// <exception cref="CliException">It does not load, or is none that says what an image file shows.</exception>
    public static ServedModel Load(string path, Computing how)
    {
        var ml = new MLContext();
        using FileStream file = ModelFile.Open(path);
        string id = Convert.ToHexStringLower(SHA256.HashData(file))[..NameLength];
        file.Position = 0;
        ITransformer model = ModelFile.Load(ml, file, path, out DataViewSchema schema);
        ITransformer[] parts = [.. ModelFile.Parts(model)];
        int at = Array.FindLastIndex(parts, part => part is CnnTransformer);
        if (at < 0) throw new CliException($"'{path}' has no network in it.");
        var network = (CnnTransformer)parts[at];
        try
        {
            network = WithFeatures(network);
            ModelFile.Set(network, how.Device, how.Precision, how.Engine);
            var served = new ServedModel(id, network, new ImageIntake(ml, parts[..at], network, schema, path));
            served.BatchOfThread = served.FirstScore();
            return served;
        }
        catch
        {
            network.Dispose();
            throw;
        }
        finally
        {
            if (network != parts[at]) ((CnnTransformer)parts[at]).Dispose();
        }
    }

    public void Enter() => Interlocked.Increment(ref _users);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        _intake.Dispose();
        _explained?.Dispose();
        Network.Dispose();
        TensorMemory.GiveBack();
    }

    /// <summary>Reads an image file.</summary>
    /// <returns>The network's input, which goes back by <see cref="Return"/>.</returns>
    /// <exception cref="RequestProblem">It is no image, too large, or damaged.</exception>
    public float[] Read(RequestImage image, int mostPixels)
    {
        ImageIntake.Check(image.Words, image.Bytes, image.Length, mostPixels);
        if (!_planes.TryTake(out float[]? planes)) planes = new float[Network.ImageShape.Size];
        try
        {
            _intake.Read(image.Bytes, image.Length, planes);
            return planes;
        }
        catch (InvalidDataException e)
        {
            Return(planes);
            throw RequestProblem.Damaged($"{image.Words}: {e.Message.Split("as an image: ")[^1]}.");
        }
    }

    /// <summary>Takes back an image's memory.</summary>
    public void Return(float[] planes) => _planes.Add(planes);

    /// <summary>
    /// How many images one thread takes at a time by itself, with nothing gained by more; 0 where the network is not computed so, but by threads of a
    /// library, which then are all taken by one caller.
    /// </summary>
    public int BatchOfThread { get; private set; }

    /// <summary>Scores images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="asFeatures">Whether features are wanted, else the probabilities of the classes.</param>
    /// <param name="memory">The caller's, to be used again.</param>
    /// <returns>For each image its numbers.</returns>
    public float[][] Score(IReadOnlyList<float[]> images, bool asFeatures, ref float[] memory)
    {
        int size = Network.ImageShape.Size, width = asFeatures ? Network.Model.Features!.Count : Network.ClassNames.Count;
        if (memory.Length < images.Count * size) memory = new float[images.Count * size];
        for (int i = 0; i < images.Count; i++) images[i].CopyTo(memory, i * size);
        float[] results = new float[images.Count * width];
        if (asFeatures) Network.Scorer.Features(memory.AsSpan(0, images.Count * size), images.Count, results);
        else Network.Scorer.Score(memory.AsSpan(0, images.Count * size), images.Count, results);
        return [.. results.Chunk(width)];
    }

    /// <summary>Where in an image the evidence for a class is. For one thread at a time, while no other scores.</summary>
    /// <param name="image">The image.</param>
    /// <param name="classIndex">The class; null for the likeliest.</param>
    public ActivationMap Explain(float[] image, int? classIndex)
    {
        ComputeDevice device = Network.ComputedOn;
        _explained ??= Network.Network.Copy(device);
        return GradCam.Explain(Network.Model, _explained, device, ref _stage, [.. image], classIndex);
    }

    private int FirstScore()
    {
        float[] memory = [];
        Score([new float[Network.ImageShape.Size]], asFeatures: false, ref memory);
        if (Network.Engine == CnnEngine.OnnxRuntime || Network.ComputedOn.IsCard) return 0;
        using var use = Network.Network.Use();
        return use.PlanFor(Network.Precision)?.BatchSize ?? 0;
    }

    // Of a network whose last layer is another, the network itself.
    private static CnnTransformer WithFeatures(CnnTransformer network)
    {
        try
        {
            return network.WithFeatures("CnnFeatures");
        }
        catch (NotSupportedException)
        {
            return network;
        }
    }
}
