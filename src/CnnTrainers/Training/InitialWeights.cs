using System.IO.Compression;
using System.Text.Json;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Gives a network the weights that a fit starts from.</summary>
internal static class InitialWeights
{
    // The parts of a network in a model file; CnnTrainers.Persistence.NetworkFile writes them.
    private const string Description = "Model.json", Weights = "Weights.safetensors";

    /// <summary>Throws where the file that options name is not there: before images are read, which takes long.</summary>
    public static void Check(CnnTrainerOptions options)
    {
        if (options.InitialWeights is { } path && !File.Exists(path))
            throw new FileNotFoundException($"InitialWeights: the file '{path}' does not exist.", path);
    }

    /// <summary>Reads the weights that options name, if any, and gives the normalisation that belongs to them, if it is known.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or does not fit the network; all differences are listed.</exception>
    public static Normalization? Load(
        CnnArchitecture architecture, nn.Module<Tensor, Tensor> network, ImageShape images, IReadOnlyList<string> classNames, CnnTrainerOptions options, Action<string> log)
    {
        if (options.InitialWeights is not { } path)
            return null;
        Check(options);
        IReadOnlyList<string>? ofFile = null;
        var outputs = new ClassOutputs(architecture, network, images, classNames);
        var (anew, normalization) = IsModelFile(path) ? LoadModel(network, path, options.TemporaryFolder, outputs, out ofFile) : LoadFile(network, path);
        log($"Read the weights of {path}{(anew.Count == 0 ? "" : $"; {Listed.InLine(anew)} start anew: {WhyAnew(anew, ofFile, classNames)}")}{(outputs.Reordered ? "; the outputs are put into the order of the classes" : "")}.");
        var published = architecture.PublishedNormalization;
        if (normalization is not null || images.Channels != published.Mean!.Count)
            return normalization;
        if (options is { Normalization: null, Mean: null, Scale: null })
            log($"Images are normalised as published ImageNet weights of {architecture.Name} expect ({published.Name}: {published.Description}); set Normalization for weights trained with another.");
        return Normalization.Of(published);
    }

    private static (IReadOnlyList<string> Anew, Normalization? Normalization) LoadFile(nn.Module<Tensor, Tensor> network, string path) =>
        (CnnWeights.Load(network, path, exceptHead: true, out var normalization), normalization);

    // A .pth file may be a zip archive too.
    private static bool IsModelFile(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[4];
        if (file.ReadAtLeast(start, 4, throwOnEndOfStream: false) < 4 || !start.SequenceEqual("PK\x3\x4"u8))
            return false;
        try
        {
            file.Position = 0;
            using var zip = new ZipArchive(file);
            return Parts(zip, Weights).Count > 0;
        }
        catch (InvalidDataException)
        {
            return false; // the reader of .pth files says what is wrong
        }
    }

    private static string WhyAnew(IReadOnlyList<string> anew, IReadOnlyList<string>? ofFile, IReadOnlyList<string> classNames)
    {
        if (anew.All(CnnWeights.IsAuxiliary))
            return "the file has no auxiliary heads";
        return ofFile?.Count == classNames.Count ? "the file has other classes" : "the file has another number of classes, or no such layer";
    }

    private static (IReadOnlyList<string> Anew, Normalization? Normalization) LoadModel(
        nn.Module<Tensor, Tensor> network, string path, string? folder, ClassOutputs outputs, out IReadOnlyList<string>? classes)
    {
        using var zip = ZipFile.OpenRead(path);
        if (Parts(zip, Weights) is not [var weights] || Parts(zip, Description) is not [var description])
            throw new InvalidDataException($"{path} has {Parts(zip, Weights).Count} networks; expected one.");
        var unpacked = Path.Combine(folder ?? Path.GetTempPath(), $"cnn-weights-{Guid.NewGuid():N}.safetensors");
        try
        {
            weights.ExtractToFile(unpacked);
            (classes, var normalization) = ReadDescription(description);
            return (outputs.Load(classes, () => CnnWeights.Load(network, unpacked, exceptHead: true)), normalization);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException(e is InvalidDataException ? e.Message.Replace(unpacked, path) : $"{path}: {Description} is damaged: {e.Message}", e);
        }
        finally
        {
            File.Delete(unpacked);
        }
    }

    // The classes' names; null where the labels had none.
    private static (IReadOnlyList<string>? Classes, Normalization Normalization) ReadDescription(ZipArchiveEntry description)
    {
        using var stream = description.Open();
        using var json = JsonDocument.Parse(stream);
        var input = json.RootElement.GetProperty("input");
        float[] Values(string name) => [.. input.GetProperty(name).EnumerateArray().Select(value => value.GetSingle())];
        var classes = json.RootElement.GetProperty("classes").GetProperty("values");
        string[]? names = classes.ValueKind == JsonValueKind.Null ? null : [.. classes.EnumerateArray().Select(value => value.GetString()!)];
        return (names, new(Values("mean"), Values("std")));
    }

    private static List<ZipArchiveEntry> Parts(ZipArchive zip, string name) => [.. zip.Entries.Where(entry => entry.Name == name)];
}
