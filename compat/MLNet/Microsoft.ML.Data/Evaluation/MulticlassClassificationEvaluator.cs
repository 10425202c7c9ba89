using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads labels and scores, row by row, and makes the metrics.</summary>
internal sealed class MulticlassClassificationEvaluator
{
    private readonly IHost _host;
    private readonly int _topK;

    public MulticlassClassificationEvaluator(IHostEnvironment env, int topK)
    {
        _host = env.Register(nameof(MulticlassClassificationEvaluator));
        _topK = topK;
    }

    public MulticlassClassificationMetrics Evaluate(IDataView data, string label, string score, string predictedLabel)
    {
        var labelColumn = Find(data.Schema, label, "Label");
        var scoreColumn = Find(data.Schema, score, "Score");
        Find(data.Schema, predictedLabel, "PredictedLabel");
        if (scoreColumn.Type is not VectorDataViewType { Size: >= 2 } scores || scores.ItemType != NumberDataViewType.Single)
            throw NotFound(score, "Score");
        // The published text for a label of another type, word for word.
        if (labelColumn.Type is not KeyDataViewType && labelColumn.Type != NumberDataViewType.Single)
            throw NotFound("Nope", label);

        var counters = new MulticlassCounters(scores.Size);
        using var cursor = data.GetRowCursor([labelColumn, scoreColumn]);
        Count(cursor, LabelGetter(cursor, labelColumn), cursor.GetGetter<VBuffer<float>>(scoreColumn), counters);
        return new MulticlassClassificationMetrics(counters, _topK, ClassNames(scoreColumn, scores.Size));
    }

    private DataViewSchema.Column Find(DataViewSchema schema, string name, string role)
        => schema.GetColumnOrNull(name) ?? throw NotFound(name, role);

    private Exception NotFound(string name, string role) => _host.ExceptParam("schema", $"{name} column '{role}' not found");

    private void Count(DataViewRowCursor cursor, ValueGetter<float> labelGetter, ValueGetter<VBuffer<float>> scoreGetter, MulticlassCounters counters)
    {
        float label = 0;
        VBuffer<float> scores = default;
        var dense = new float[counters.Classes];
        while (cursor.MoveNext())
        {
            labelGetter(ref label);
            if (float.IsNaN(label))
                continue;
            if (label < 0 || label != (int)label)
                throw _host.Except($"Invalid label: {label.ToString(CultureInfo.InvariantCulture)}");

            scoreGetter(ref scores);
            _host.Check(scores.Length == dense.Length, $"Row {cursor.Position}: expected {dense.Length} scores, got {scores.Length}");
            scores.CopyTo(dense);
            if (Array.TrueForAll(dense, float.IsFinite))
                counters.Add((int)label, dense);
        }
    }

    /// <summary>Classes from 0; NaN for a missing key.</summary>
    private static ValueGetter<float> LabelGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType)
            return row.GetGetter<float>(column);
        var type = column.Type.RawType;
        if (type == typeof(byte))
            return FromKey(row.GetGetter<byte>(column), key => key);
        if (type == typeof(ushort))
            return FromKey(row.GetGetter<ushort>(column), key => key);
        return type == typeof(uint) ? FromKey(row.GetGetter<uint>(column), key => key) : FromKey(row.GetGetter<ulong>(column), key => key);
    }

    private static ValueGetter<float> FromKey<TKey>(ValueGetter<TKey> getter, Func<TKey, ulong> toRaw)
    {
        TKey key = default;
        return (ref float label) =>
        {
            getter(ref key);
            ulong raw = toRaw(key);
            label = raw == 0 ? float.NaN : raw - 1;
        };
    }

    /// <summary>The score's slot names, else the classes' numbers.</summary>
    private static string[] ClassNames(DataViewSchema.Column score, int classes)
    {
        if (!score.HasSlotNames())
            return Enumerable.Range(0, classes).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString()).ToArray();
    }
}
