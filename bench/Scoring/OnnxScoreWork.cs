using CnnTrainers.Bench.Harness;
using Microsoft.ML.OnnxRuntime;

namespace CnnTrainers.Bench.Scoring;

/// <summary>
/// The peer of our scoring: ONNX Runtime with its default optimisations and two threads, from normalised pixels to probabilities, reading
/// and writing the caller's arrays without a copy.
/// </summary>
internal static class OnnxScoreWork
{
    // As peers/export_onnx.py names them.
    private static readonly string[] _inputs = ["images"], _outputs = ["probabilities"];

    public static Measurement Measure(ScoreArguments arguments)
    {
        ScoringCase one = arguments.Case;
        using var options = new SessionOptions { IntraOpNumThreads = 2, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL };
        using var session = new InferenceSession(arguments.File, options);
        float[] pixels = ScoringImages.Normalized(one.Batch, one.Shape), probabilities = new float[one.Batch * ScoringCase.Classes];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [one.Batch, one.Shape.Channels, one.Size, one.Size]);
        using OrtValue output = OrtValue.CreateTensorValueFromMemory(probabilities, [one.Batch, ScoringCase.Classes]);
        using var run = new RunOptions();
        return arguments.Measure(
            () => session.Run(run, _inputs, [input], _outputs, [output]), probabilities, $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
    }
}
