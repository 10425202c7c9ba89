namespace Microsoft.ML.Data;

internal static partial class AnnotationUtils
{
    /// <summary>Whether the shape has slot names: only a vector of known size can.</summary>
    public static bool HasSlotNames(this SchemaShape.Column col) =>
        col.Kind == SchemaShape.Column.VectorKind.Vector && HasTextVector(col, Kinds.SlotNames);

    /// <summary>Whether the shape has key values that are text: then a score's slots are named by them.</summary>
    public static bool NeedsSlotNames(this SchemaShape.Column col) => HasTextVector(col, Kinds.KeyValues);

    public static bool IsNormalized(this SchemaShape.Column column) =>
        column.Annotations.TryFindColumn(Kinds.IsNormalized, out SchemaShape.Column annotation)
        && annotation.Kind == SchemaShape.Column.VectorKind.Scalar
        && annotation.ItemType.Equals(BooleanDataViewType.Instance);

    /// <summary>The annotations that every trainer's output columns have.</summary>
    public static IEnumerable<SchemaShape.Column> GetTrainerOutputAnnotation(bool isNormalized = false)
    {
        var scalar = SchemaShape.Column.VectorKind.Scalar;
        var columns = new List<SchemaShape.Column>
        {
            new(Kinds.ScoreColumnSetId, scalar, NumberDataViewType.UInt32, true),
            new(Kinds.ScoreColumnKind, scalar, TextDataViewType.Instance, false),
            new(Kinds.ScoreValueKind, scalar, TextDataViewType.Instance, false),
        };
        if (isNormalized)
            columns.Add(new(Kinds.IsNormalized, scalar, BooleanDataViewType.Instance, false));
        return columns;
    }

    /// <summary>The annotations of a multiclass score: class names as slot names where the label has them.</summary>
    public static IEnumerable<SchemaShape.Column> AnnotationsForMulticlassScoreColumn(SchemaShape.Column? labelColumn = null)
    {
        var columns = new List<SchemaShape.Column>();
        if (labelColumn is { IsKey: true } label && NeedsSlotNames(label))
        {
            columns.Add(new(Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
            columns.Add(new(Kinds.TrainingLabelValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        }
        columns.AddRange(GetTrainerOutputAnnotation());
        return columns;
    }

    public static IEnumerable<T> Prepend<T>(this IEnumerable<T> tail, params T[] head) => head.Concat(tail);

    private static bool HasTextVector(SchemaShape.Column column, string kind) =>
        column.Annotations.TryFindColumn(kind, out SchemaShape.Column annotation)
        && annotation.Kind == SchemaShape.Column.VectorKind.Vector
        && annotation.ItemType is TextDataViewType;
}
