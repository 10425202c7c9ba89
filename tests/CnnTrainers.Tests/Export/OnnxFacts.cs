using CnnTrainers.Estimators;
using CnnTrainers.Export.Format;
using CnnTrainers.Inference;
using CnnTrainers.Tests.Estimators;
using CnnTrainers.Tests.Inference;
using CnnTrainers.Training;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace CnnTrainers.Tests.Export;

/// <summary>What tests of exported networks share.</summary>
internal static class OnnxFacts
{
    /// <summary>A transformer of a network that was not trained, with norms that have averages of their own.</summary>
    public static CnnTransformer Untrained(CnnArchitecture architecture, ImageShape shape) => Of(architecture, shape, PlanFacts.Network(architecture, shape));

    /// <summary>A transformer of a network of ten classes, which takes pixels as they are.</summary>
    public static CnnTransformer Of(CnnArchitecture architecture, ImageShape shape, nn.Module<Tensor, Tensor> network)
    {
        var model = Toy.CnnOf(Toy.Trained.Model).Model with
        {
            Architecture = architecture,
            Format = new ImageFormat(shape, false),
            Normalization = Normalization.Identity(shape.Channels),
            Classes = ClassLabels.Unnamed(PlanFacts.Classes),
        };
        return new CnnTransformer(Toy.Trained.Ml, model, new SharedNetwork(model, network));
    }

    /// <summary>A file as the format has it.</summary>
    public static ModelProto Parse(byte[] file) => ModelProto.Parser.ParseFrom(file);

    /// <summary>The file of a transformer.</summary>
    public static byte[] File(CnnTransformer cnn, OnnxOptions? options = null)
    {
        using var file = new MemoryStream();
        cnn.SaveOnnx(file, options);
        return file.ToArray();
    }

    /// <summary>What ONNX Runtime makes of images.</summary>
    public static (float[] Scores, string[] Labels) Run(byte[] file, float[] pixels, ImageShape shape)
    {
        using var session = new InferenceSession(file);
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [pixels.Length / shape.Size, shape.Channels, shape.Height, shape.Width]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [session.InputNames.Single()], [input], ["Score", "PredictedLabel"]);
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), outputs[1].GetStringTensorAsArray());
    }
}
