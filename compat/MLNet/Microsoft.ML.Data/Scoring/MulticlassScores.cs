using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The columns PredictedLabel and Score for rows of one schema; a row is scored once for both.</summary>
internal sealed class MulticlassScores : IRowMapper
{
    private readonly ITransformer _transformer;
    private readonly IValueMapper _model;
    private readonly DataViewSchema.Column _feature;
    private readonly DataViewSchema.DetachedColumn[] _columns;

    public MulticlassScores(ITransformer transformer, IValueMapper model, DataViewSchema.Column feature, DataViewSchema.Column? trainingLabel,
        string predictedLabelColumn, string scoreColumn, DataViewSchema inputSchema)
    {
        // Pixels have three dimensions; what counts is how many there are.
        if (feature.Type is not VectorDataViewType { ItemType: NumberDataViewType item } vector || item != NumberDataViewType.Single
            || vector.Size != model.InputType.GetVectorSize())
            throw Contracts.ExceptSchemaMismatch(nameof(inputSchema), "feature", feature.Name, model.InputType.ToString(), feature.Type.ToString());
        (_transformer, _model, _feature) = (transformer, model, feature);
        int classes = model.OutputType.GetVectorSize();
        DataViewSchema.Column? names = ClassNames(trainingLabel, classes);
        uint set = inputSchema.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
        _columns =
        [
            new(predictedLabelColumn, new KeyDataViewType(typeof(uint), classes), PredictedLabelAnnotations(names, set)),
            new(scoreColumn, model.OutputType, ScoreAnnotations(names, set)),
        ];
    }

    public DataViewSchema.DetachedColumn[] GetOutputColumns() => _columns;

    public ITransformer GetTransformer() => _transformer;

    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        bool any = activeOutput(0) || activeOutput(1);
        return column => any && column == _feature.Index;
    }

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
    {
        disposer = null;
        if (!activeOutput(0) && !activeOutput(1))
            return [null, null];
        var row = new ScoredRow(input, _feature, _model);
        ValueGetter<uint> predictedLabel = row.GetPredictedLabel;
        ValueGetter<VBuffer<float>> score = row.GetScore;
        return [activeOutput(0) ? predictedLabel : null, activeOutput(1) ? score : null];
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => _transformer.Save(ctx);

    /// <summary>The label's key values at training time, where there is one for each class.</summary>
    private static DataViewSchema.Column? ClassNames(DataViewSchema.Column? label, int classes) =>
        label?.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is { Type: VectorDataViewType type } && type.Size == classes ? label : null;

    private static DataViewSchema.Annotations PredictedLabelAnnotations(DataViewSchema.Column? names, uint set)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, AnnotationUtils.Kinds.ScoreColumnKind, AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification);
        AddText(builder, AnnotationUtils.Kinds.ScoreValueKind, AnnotationUtils.Const.ScoreValueKind.PredictedLabel);
        AddNames(builder, AnnotationUtils.Kinds.KeyValues, names);
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, set);
        return builder.ToAnnotations();
    }

    private static DataViewSchema.Annotations ScoreAnnotations(DataViewSchema.Column? names, uint set)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        AddText(builder, AnnotationUtils.Kinds.ScoreColumnKind, AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification);
        builder.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, set);
        AddText(builder, AnnotationUtils.Kinds.ScoreValueKind, AnnotationUtils.Const.ScoreValueKind.Score);
        AddNames(builder, AnnotationUtils.Kinds.TrainingLabelValues, names);
        // Slots have names only where the classes' values are text.
        if (names is DataViewSchema.Column label && KeyValuesType(label).ItemType is TextDataViewType)
            AddNames(builder, AnnotationUtils.Kinds.SlotNames, names);
        return builder.ToAnnotations();
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string value) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, value.AsMemory());

    private static void AddNames(DataViewSchema.Annotations.Builder builder, string kind, DataViewSchema.Column? names)
    {
        if (names is DataViewSchema.Column label)
            Utils.MarshalActionInvoke(AddNames<int>, KeyValuesType(label).ItemType.RawType, builder, kind, label);
    }

    private static void AddNames<T>(DataViewSchema.Annotations.Builder builder, string kind, DataViewSchema.Column label) =>
        builder.Add(kind, KeyValuesType(label), (ref VBuffer<T> values) => label.GetKeyValues(ref values));

    private static VectorDataViewType KeyValuesType(DataViewSchema.Column label) =>
        (VectorDataViewType)label.Annotations.Schema[AnnotationUtils.Kinds.KeyValues].Type;

    /// <summary>The scores of the row that the cursor stands on.</summary>
    private sealed class ScoredRow(DataViewRow input, DataViewSchema.Column feature, IValueMapper model)
    {
        private readonly ValueGetter<VBuffer<float>> _features = input.GetGetter<VBuffer<float>>(feature);
        private readonly ValueMapper<VBuffer<float>, VBuffer<float>> _score = model.GetMapper<VBuffer<float>, VBuffer<float>>();
        private VBuffer<float> _featureBuffer;
        private VBuffer<float> _scores;
        private long _position = -1;

        public void GetPredictedLabel(ref uint value)
        {
            Score();
            value = (uint)(IndexOfLargest(_scores.GetValues()) + 1);
        }

        public void GetScore(ref VBuffer<float> value)
        {
            Score();
            _scores.CopyTo(ref value);
        }

        private void Score()
        {
            if (_position == input.Position && _position >= 0)
                return;
            _features(ref _featureBuffer);
            _score(in _featureBuffer, ref _scores);
            _position = input.Position;
        }

        /// <summary>The first of the largest values; -1, the missing key, where there is none but NaN.</summary>
        private static int IndexOfLargest(ReadOnlySpan<float> values)
        {
            int best = -1;
            for (int i = 0; i < values.Length; i++)
                if (best < 0 ? !float.IsNaN(values[i]) : values[i] > values[best])
                    best = i;
            return best;
        }
    }
}
