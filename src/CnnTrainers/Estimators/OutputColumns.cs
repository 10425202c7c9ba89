using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using VectorKind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace CnnTrainers.Estimators;

/// <summary>The columns that a network adds: PredictedLabel and then Score, with the annotations that Evaluate looks for, and features where they are wanted.</summary>
internal static class OutputColumns
{
    private const string SetId = "ScoreColumnSetId", Kind = "ScoreColumnKind", ValueKind = "ScoreValueKind", Multiclass = "MulticlassClassification";
    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>The columns for a network's output beside the columns of <paramref name="input"/>.</summary>
    public static DataViewSchema.DetachedColumn[] Of(CnnModel model, DataViewSchema input)
    {
        var set = NextSet(input);
        var (label, score) = (new DataViewSchema.Annotations.Builder(), new DataViewSchema.Annotations.Builder());
        AddText(label, Kind, Multiclass); // in the order of ML.NET's own scorers
        AddText(label, ValueKind, "PredictedLabel");
        model.Classes.AddValues(label, "KeyValues");
        label.AddPrimitiveValue(SetId, SetIdType, set);
        AddText(score, Kind, Multiclass);
        score.AddPrimitiveValue(SetId, SetIdType, set);
        AddText(score, ValueKind, "Score");
        model.Classes.AddValues(score, "TrainingLabelValues");
        model.Classes.AddNames(score, "SlotNames");
        DataViewSchema.DetachedColumn[] columns =
        [
            new(model.PredictedLabelColumnName, new KeyDataViewType(typeof(uint), model.Classes.Count), label.ToAnnotations()),
            new(model.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, model.Classes.Count), score.ToAnnotations()),
        ];
        return model.Features is { } features ? [.. columns, new(features.Name, new VectorDataViewType(NumberDataViewType.Single, features.Count))] : columns;
    }

    /// <summary>The same columns as promised before a fit, where only the label column's shape is known.</summary>
    public static IEnumerable<SchemaShape.Column> Promise(CnnTrainerOptions options, SchemaShape.Column label)
    {
        SchemaShape.Column[] common =
        [
            MLNetInternals.Column(SetId, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true),
            MLNetInternals.Column(Kind, VectorKind.Scalar, TextDataViewType.Instance),
            MLNetInternals.Column(ValueKind, VectorKind.Scalar, TextDataViewType.Instance),
        ];
        SchemaShape.Column[] values = [.. label.Annotations.Where(column => column is { Name: "KeyValues", Kind: VectorKind.Vector, IsKey: false }
            && LabelValueKind.All.Any(kind => kind.Type.Equals(column.ItemType)))];
        var names = values.Select(column => MLNetInternals.Column("SlotNames", VectorKind.Vector, TextDataViewType.Instance));
        var trained = values.Select(column => MLNetInternals.Column("TrainingLabelValues", VectorKind.Vector, column.ItemType));
        yield return MLNetInternals.Column(options.PredictedLabelColumnName, VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
            new SchemaShape([.. common, .. values]));
        yield return MLNetInternals.Column(options.ScoreColumnName, VectorKind.Vector, NumberDataViewType.Single, isKey: false,
            new SchemaShape([.. common, .. names, .. trained]));
        if (options.FeaturesColumnName is { } features)
            yield return MLNetInternals.Column(features, VectorKind.Vector, NumberDataViewType.Single);
    }

    private static void AddText(DataViewSchema.Annotations.Builder builder, string kind, string text) =>
        builder.AddPrimitiveValue(kind, TextDataViewType.Instance, text.AsMemory());

    // Columns of one scorer share a number; the next scorer in a pipeline takes the next one, so that Evaluate can tell them apart.
    private static uint NextSet(DataViewSchema input)
    {
        var last = 0u;
        foreach (var column in input)
        {
            if (!SetIdType.Equals(column.Annotations.Schema.GetColumnOrNull(SetId)?.Type))
                continue;
            var set = 0u;
            column.Annotations.GetValue(SetId, ref set);
            last = Math.Max(last, set);
        }
        return last + 1;
    }
}
