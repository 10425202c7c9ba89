using CnnTrainers.Bench.Harness;

namespace CnnTrainers.Bench.Scoring;

/// <summary>The networks that are scored, in a folder that goes when this is disposed: our weights, and ONNX files of the same.</summary>
internal sealed class ScoringFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnn-bench-");

    public string Weights(string network) => Path.Combine(_folder.FullName, network + ".safetensors");

    public string Onnx(string network) => Path.Combine(_folder.FullName, network + ".onnx");

    public void Make(Contest contest, string network)
    {
        Console.Error.WriteLine($"making weights and an ONNX file of {network}");
        contest.Measure(new Contender($"weights of {network}", Commands.WithoutKernels("weights", network, Weights(network))));
        Contest.Output(Commands.Peer("export_onnx.py", network, $"{ScoringCase.Classes}", Weights(network), Onnx(network)), "export_onnx.py");
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
