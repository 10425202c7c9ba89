namespace CnnTrainers;

/// <summary>How <see cref="CnnTransformer.SaveOnnx(string, OnnxOptions?)"/> writes a network.</summary>
public sealed record OnnxOptions
{
    /// <summary>What the file says that it is, for those who open it. Default: the architecture, the images and the classes in words.</summary>
    public string? Description { get; init; }

    /// <summary>Whether Score has the network's own outputs (logits), of the image alone, in place of probabilities. Default: false.</summary>
    public bool Logits { get; init; }

    /// <summary>
    /// Whether the file is run by ONNX Runtime before it takes its name, and its answers are compared with the network's own. Default: true. It
    /// needs the package Microsoft.ML.OnnxRuntime in the program.
    /// </summary>
    public bool Check { get; init; } = true;
}
