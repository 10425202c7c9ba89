using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The kinds of annotations that ML.NET's own components write and look for, and how to read them.</summary>
internal static partial class AnnotationUtils
{
    public delegate void AnnotationGetter<TValue>(int col, ref TValue dst);

    /// <summary>The type of <see cref="Kinds.ScoreColumnSetId"/>: Key&lt;UInt32, 0-2147483646&gt;.</summary>
    public static KeyDataViewType ScoreColumnSetIdType { get; } = new(typeof(uint), int.MaxValue);

    public static KeyValuePair<string, DataViewType> GetSlotNamesPair(int size) => GetNamesType(size).GetPair(Kinds.SlotNames);

    public static KeyValuePair<string, DataViewType> GetKeyNamesPair(int size) => GetNamesType(size).GetPair(Kinds.KeyValues);

    public static KeyValuePair<string, DataViewType> GetPair(this DataViewType type, string kind)
    {
        Contracts.CheckValue(type, nameof(type));
        return new(kind, type);
    }

    public static VectorDataViewType GetNamesType(int size)
    {
        Contracts.CheckParam(size > 0, nameof(size), "must be known size");
        return new VectorDataViewType(TextDataViewType.Instance, size);
    }

    public static VectorDataViewType GetCategoricalType(int rangeCount)
    {
        Contracts.CheckParam(rangeCount > 0, nameof(rangeCount), "must be known size");
        return new VectorDataViewType(NumberDataViewType.Int32, rangeCount, 2);
    }

    public static Exception ExceptGetAnnotation() => Contracts.Except("Invalid call to GetAnnotation");

    public static Exception ExceptGetAnnotation(this IExceptionContext ctx) => ctx.Except("Invalid call to GetAnnotation");

    /// <summary>The annotation of the largest value among the columns, and which column has it (-1 when none).</summary>
    public static uint GetMaxAnnotationKind(this DataViewSchema schema, out int colMax, string annotationKind, Func<DataViewSchema, int, bool> filterFunc = null)
    {
        uint max = 0;
        colMax = -1;
        for (int col = 0; col < schema.Count; col++)
        {
            uint value = 0;
            if (filterFunc?.Invoke(schema, col) == false || !TryGetKey(schema[col], annotationKind, ref value) || value < max)
                continue;
            max = value;
            colMax = col;
        }
        return max;
    }

    public static IEnumerable<int> GetColumnSet(this DataViewSchema schema, string annotationKind, uint value)
    {
        for (int col = 0; col < schema.Count; col++)
        {
            uint found = 0;
            if (TryGetKey(schema[col], annotationKind, ref found) && found == value)
                yield return col;
        }
    }

    public static IEnumerable<int> GetColumnSet(this DataViewSchema schema, string annotationKind, string value)
    {
        for (int col = 0; col < schema.Count; col++)
        {
            ReadOnlyMemory<char> found = default;
            if (schema.TryGetAnnotation(TextDataViewType.Instance, annotationKind, col, ref found) && found.Span.SequenceEqual(value))
                yield return col;
        }
    }

    public static bool TryGetAnnotation<T>(this DataViewSchema schema, PrimitiveDataViewType type, string kind, int col, ref T value)
    {
        Contracts.CheckValue(schema, nameof(schema));
        Contracts.CheckValue(type, nameof(type));
        DataViewSchema.Annotations annotations = schema[col].Annotations;
        if (annotations.Schema.GetColumnOrNull(kind)?.Type.Equals(type) != true)
            return false;
        annotations.GetValue(kind, ref value);
        return true;
    }

    /// <summary>Whether the column has a slot name for each of so many slots.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column, int vectorSize) =>
        vectorSize > 0
        && column.Annotations.Schema.GetColumnOrNull(Kinds.SlotNames)?.Type is VectorDataViewType names
        && names.Size == vectorSize
        && names.ItemType is TextDataViewType;

    private static bool TryGetKey(DataViewSchema.Column column, string kind, ref uint value)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not KeyDataViewType type || type.RawType != typeof(uint))
            return false;
        column.Annotations.GetValue(kind, ref value);
        return true;
    }

    public static class Kinds
    {
        public const string SlotNames = "SlotNames";
        public const string KeyValues = "KeyValues";
        public const string ScoreColumnSetId = "ScoreColumnSetId";
        public const string ScoreColumnKind = "ScoreColumnKind";
        public const string ScoreValueKind = "ScoreValueKind";
        public const string IsNormalized = "IsNormalized";
        public const string IsUserVisible = "IsUserVisible";
        public const string CategoricalSlotRanges = "CategoricalSlotRanges";
        public const string TrainingLabelValues = "TrainingLabelValues";
    }

    public static class Const
    {
        public static class ScoreColumnKind
        {
            public const string BinaryClassification = "BinaryClassification";
            public const string MulticlassClassification = "MulticlassClassification";
            public const string Regression = "Regression";
            public const string Ranking = "Ranking";
            public const string Clustering = "Clustering";
            public const string MultiOutputRegression = "MultiOutputRegression";
            public const string AnomalyDetection = "AnomalyDetection";
            public const string SequenceClassification = "SequenceClassification";
            public const string QuantileRegression = "QuantileRegression";
            public const string Recommender = "Recommender";
            public const string ItemSimilarity = "ItemSimilarity";
            public const string FeatureContribution = "FeatureContribution";
        }

        public static class ScoreValueKind
        {
            public const string Score = "Score";
            public const string PredictedLabel = "PredictedLabel";
            public const string Probability = "Probability";
        }
    }
}
