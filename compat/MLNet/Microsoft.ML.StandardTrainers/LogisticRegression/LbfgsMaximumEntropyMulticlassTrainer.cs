using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>Learns a linear model with a softmax: multinomial logistic regression.</summary>
public sealed class LbfgsMaximumEntropyMulticlassTrainer : LbfgsTrainerBase<LbfgsMaximumEntropyMulticlassTrainer.Options,
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>, MaximumEntropyModelParameters>
{
    internal LbfgsMaximumEntropyMulticlassTrainer(IHostEnvironment env, Options options)
        : base(env, options, TrainerUtils.MakeU4ScalarColumn(options.LabelColumnName))
    {
    }

    private protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    /// <summary>Goes on learning from parameters of the same numbers of features and classes.</summary>
    public MulticlassPredictionTransformer<MaximumEntropyModelParameters> Fit(IDataView trainData, MaximumEntropyModelParameters modelParameters) =>
        TrainTransformer(trainData, initPredictor: modelParameters);

    private protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        var predicted = new SchemaShape(label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues)
            .Concat(AnnotationUtils.GetTrainerOutputAnnotation()));
        var score = new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label));
        return
        [
            new("Score", SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, score),
            new("PredictedLabel", SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, predicted),
        ];
    }

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> MakeTransformer(
        MaximumEntropyModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private protected override MaximumEntropyModelParameters TrainModelCore(TrainContext trainContext)
    {
        RoleMappedData data = trainContext.TrainingSet;
        DataViewSchema.Column label = data.Schema.Label.Value;
        int features = data.Schema.Feature.Value.Type.GetVectorSize();
        int classes = label.Type.GetKeyCountAsInt32(Host);
        if (features >= Array.MaxLength / classes)
            throw Host.ExceptParam(nameof(data), "The number of model parameters which is equal to ('# of features' + 1) * '# of classes' "
                + "should be less than or equal to {0}.", Array.MaxLength);
        using IChannel channel = Host.Start("Training");
        TrainingRows rows = TrainingRows.Read(Host, data, features);
        Host.Check(rows.Count > 0, NoTrainingInstancesMessage);
        if (rows.Skipped > 0)
            channel.Warning(MessageSensitivity.None, "Skipped {0} instances with missing features/label/weight during training", rows.Skipped);
        var loss = new MaximumEntropyLoss(rows, classes, LbfgsTrainerOptions.L2Regularization, LbfgsTrainerOptions.NumberOfThreads ?? Environment.ProcessorCount);
        float[] start = Start(loss, classes, features, (MaximumEntropyModelParameters)trainContext.InitialPredictor);
        Optimum optimum = Optimize(channel, loss.Evaluate, start, loss.FirstWeight, rows.Count);
        if (classes == 1)
            channel.Warning(MessageSensitivity.None, "Training resulted in a one class predictor");
        var statistics = LbfgsTrainerOptions.ShowTrainingStatistics ? Statistics(channel, rows, classes, loss, optimum) : null;
        VBuffer<float>[] weights = Enumerable.Range(0, classes)
            .Select(c => new VBuffer<float>(features, optimum.Point[loss.WeightsOf(c)][..features])).ToArray();
        return new(Host, weights, optimum.Point[..classes], features, ClassNames(label, classes), statistics);
    }

    private float[] Start(MaximumEntropyLoss loss, int classes, int features, MaximumEntropyModelParameters from)
    {
        var point = new float[loss.Length];
        if (from is null && LbfgsTrainerOptions.InitialWeightsDiameter <= 0)
            return point;
        from?.CheckSize(classes, features);
        for (int c = 0; c < classes; c++)
        {
            point[c] = from?.BiasOf(c) ?? Draw();
            Span<float> weights = point.AsSpan(loss.WeightsOf(c))[..features];
            for (int i = 0; i < weights.Length && from is null; i++)
                weights[i] = Draw();
            from?.CopyWeightsOf(c, weights);
        }
        // Points that break the constraint are moved to its edge.
        for (int i = loss.FirstWeight; i < point.Length && LbfgsTrainerOptions.EnforceNonNegativity; i++)
            point[i] = Math.Max(point[i], 0);
        return point;
    }

    private float Draw() => LbfgsTrainerOptions.InitialWeightsDiameter * (Host.Rand.NextSingle() - 0.5f);

    /// <summary>The classes' names for the model file; null unless every class has a text of its own.</summary>
    private static string[] ClassNames(DataViewSchema.Column label, int classes)
    {
        if (label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type is not VectorDataViewType { ItemType: TextDataViewType } type
            || type.Size != classes)
            return null;
        VBuffer<ReadOnlyMemory<char>> values = default;
        label.GetKeyValues(ref values);
        string[] names = values.DenseValues().Select(value => value.ToString()).ToArray();
        return names.Contains("") || names.Distinct().Count() < classes ? null : names;
    }

    private ModelStatisticsBase Statistics(IChannel channel, TrainingRows rows, int classes, MaximumEntropyLoss loss, Optimum optimum)
    {
        ReadOnlySpan<float> weights = optimum.Point.AsSpan(loss.FirstWeight);
        (double squares, double absolutes, int parameters) = (0, 0, classes);
        foreach (float weight in weights)
        {
            squares += (double)weight * weight;
            absolutes += Math.Abs(weight);
            parameters += weight != 0 ? 1 : 0;
        }
        double deviance = 2 * optimum.Value * rows.WeightSum
            - squares * LbfgsTrainerOptions.L2Regularization - 2 * absolutes * LbfgsTrainerOptions.L1Regularization;
        channel.Info(MessageSensitivity.None, "Model trained with {0} training examples.", rows.Count);
        channel.Info(MessageSensitivity.None, "Residual Deviance: \t{0}", (float)deviance);
        return new(Host, rows.Count, parameters, (float)deviance, (float)NullDeviance(rows, classes));
    }

    /// <summary>The deviance of the model that knows only how frequent the classes are.</summary>
    private static double NullDeviance(TrainingRows rows, int classes)
    {
        var sums = new double[classes];
        for (int row = 0; row < rows.Groups * TrainingRows.GroupRows; row++)
            sums[rows.ClassOf(row)] += rows.WeightOf(row);
        return -2 * sums.Where(sum => sum > 0).Sum(sum => sum * Math.Log(sum / rows.WeightSum));
    }

    /// <summary>The options of <see cref="LbfgsMaximumEntropyMulticlassTrainer"/>.</summary>
    public sealed class Options : OptionsBase
    {
        /// <summary>Whether <see cref="LinearMulticlassModelParametersBase.Statistics"/> are computed.</summary>
        public bool ShowTrainingStatistics;

        public Options()
        {
        }
    }
}
