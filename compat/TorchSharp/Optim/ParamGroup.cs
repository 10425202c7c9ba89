using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters that are changed with the same options.</summary>
public class ParamGroup : optim.ILearningRateController
{
    private protected OptimizerOptions GroupOptions;

    public ParamGroup()
    {
    }

    public IEnumerable<Parameter> Parameters { get; set; }

    public OptimizerOptions Options { get => GroupOptions; set => GroupOptions = value; }

    public double LearningRate { get => GroupOptions.LearningRate.Value; set => GroupOptions.LearningRate = value; }

    public double InitialLearningRate { get => GroupOptions.InitialLearningRate; set => GroupOptions.InitialLearningRate = value; }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup()
    {
    }

    public ParamGroup(IEnumerable<Parameter> parameters, TOptions options = default)
    {
        Parameters = parameters;
        Options = options;
    }

    public new TOptions Options { get => (TOptions)GroupOptions; set => GroupOptions = value; }
}
