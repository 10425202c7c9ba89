using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>A linear function of the features for each class.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>, IValueMapper
{
    /// <summary>What the training found of the fit; null unless it was asked to.</summary>
    public readonly ModelStatisticsBase Statistics;

    private protected readonly int NumberOfClasses;
    private protected readonly int NumberOfFeatures;
    private protected readonly float[] Biases;
    private protected readonly VBuffer<float>[] Weights;
    private readonly float[][] _denseWeights;
    private readonly string[] _labelNames;

    internal LinearMulticlassModelParametersBase(IHostEnvironment env, string name, VBuffer<float>[] weights, float[] bias, int numFeatures,
        string[] labelNames, ModelStatisticsBase stats)
        : base(env, name)
    {
        (NumberOfClasses, NumberOfFeatures) = (weights.Length, numFeatures);
        (Weights, Biases, _labelNames, Statistics) = (weights, bias, labelNames, stats);
        _denseWeights = Array.ConvertAll(weights, one => one.DenseValues().ToArray());
    }

    private protected LinearMulticlassModelParametersBase(IHostEnvironment env, string name, ModelLoadContext ctx)
        : base(env, name, ctx)
    {
        (NumberOfFeatures, NumberOfClasses, Biases, Weights) = LinearMulticlassFile.Read(Host, ctx);
        _labelNames = LinearMulticlassFile.ReadLabelNames(Host, ctx, NumberOfClasses);
        ctx.LoadModelOrNull<ModelStatisticsBase, SignatureLoadModel>(Host, out Statistics, LinearMulticlassFile.StatisticsDirectory);
        _denseWeights = Array.ConvertAll(Weights, one => one.DenseValues().ToArray());
    }

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, NumberOfFeatures);

    DataViewType IValueMapper.OutputType => new VectorDataViewType(NumberDataViewType.Single, NumberOfClasses);

    private protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    /// <summary>Copies the weights of each class.</summary>
    /// <param name="weights">One vector a class; it is made, or made longer, where it is too short.</param>
    /// <param name="numClasses">How many of the vectors count.</param>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = NumberOfClasses;
        if (weights is null || weights.Length < numClasses)
            Array.Resize(ref weights, numClasses);
        for (int i = 0; i < numClasses; i++)
            Weights[i].CopyTo(ref weights[i]);
    }

    /// <summary>The bias of each class.</summary>
    public IEnumerable<float> GetBiases() => Biases;

    internal float BiasOf(int label) => Biases[label];

    internal void CopyWeightsOf(int label, Span<float> destination) => _denseWeights[label].CopyTo(destination);

    internal void CheckSize(int classes, int features)
    {
        Host.Check(NumberOfFeatures == features, "The input training data must have the same features used to train the input predictor.");
        Host.Check(NumberOfClasses == classes, "The initialization predictor has different number of classes than the training data.");
    }

    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
    {
        ValueMapper<VBuffer<float>, VBuffer<float>> mapper = Predict;
        return mapper as ValueMapper<TSrc, TDst> ?? throw Host.Except("Invalid source or destination type in GetMapper");
    }

    private protected abstract VersionInfo GetVersionInfo();

    /// <summary>Turns the classes' linear functions into scores.</summary>
    private protected abstract void Calibrate(Span<float> dst);

    private protected override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        ctx.SetVersionInfo(GetVersionInfo());
        LinearMulticlassFile.Write(ctx, NumberOfFeatures, Biases, Weights);
        LinearMulticlassFile.WriteLabelNames(ctx, _labelNames);
        if (Statistics is not null)
            ctx.SaveModel(Statistics, LinearMulticlassFile.StatisticsDirectory);
    }

    private void Predict(in VBuffer<float> source, ref VBuffer<float> destination)
    {
        Host.Check(source.Length == NumberOfFeatures, "src length should equal the number of features");
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, NumberOfClasses);
        for (int i = 0; i < NumberOfClasses; i++)
            editor.Values[i] = Biases[i] + Dot(_denseWeights[i], source);
        Calibrate(editor.Values);
        destination = editor.Commit();
    }

    private static float Dot(float[] weights, in VBuffer<float> source)
    {
        ReadOnlySpan<float> values = source.GetValues();
        if (source.IsDense)
            return FloatVectors.Dot(weights, values);
        ReadOnlySpan<int> indices = source.GetIndices();
        float sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += values[i] * weights[indices[i]];
        return sum;
    }
}
