using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Features, classes and weights in memory, dense, as every step of an optimizer reads all of them. Rows lie in groups of four and are
/// filled up with zeros to <see cref="Stride"/>; a group that is not full has rows of weight zero.
/// </summary>
internal sealed class TrainingRows
{
    public const int GroupRows = 4;

    // Large enough to amortize an array, small enough that growing by one does not matter.
    private const int BlockFloats = 1 << 18;
    private readonly List<float[]> _blocks = [];
    private readonly List<int> _classes = [];
    private readonly List<float> _weights = [];
    private readonly int _groupsPerBlock;

    private TrainingRows(int features)
    {
        Stride = FloatVectors.Padded(features);
        _groupsPerBlock = Math.Max(1, BlockFloats / (Stride * GroupRows));
    }

    /// <summary>The floats of a row.</summary>
    public int Stride { get; }

    public int Groups => _classes.Count / GroupRows;

    /// <summary>Rows that were read; rows with a missing label, feature or weight are left out.</summary>
    public long Count { get; private set; }

    public long Skipped { get; private set; }

    public double WeightSum { get; private set; }

    public static TrainingRows Read(IHost host, RoleMappedData data, int features)
    {
        var rows = new TrainingRows(features);
        RoleMappedSchema schema = data.Schema;
        var columns = new[] { schema.Label, schema.Feature, schema.Weight }.OfType<DataViewSchema.Column>();
        using DataViewRowCursor cursor = data.Data.GetRowCursor(columns);
        var getLabel = cursor.GetGetter<uint>(schema.Label.Value);
        var getFeatures = cursor.GetGetter<VBuffer<float>>(schema.Feature.Value);
        var getWeight = schema.Weight is DataViewSchema.Column column ? cursor.GetGetter<float>(column) : null;
        (uint label, float weight, VBuffer<float> values) = (0, 1, default);
        while (cursor.MoveNext())
        {
            host.CheckAlive();
            getLabel(ref label);
            getFeatures(ref values);
            getWeight?.Invoke(ref weight);
            if (label == 0 || !float.IsFinite(weight) || !AllFinite(values.GetValues()))
                rows.Skipped++;
            else
                rows.Add((int)label - 1, weight, values);
        }
        rows.FillGroup();
        return rows;
    }

    /// <summary>Four rows, one after another.</summary>
    public ReadOnlySpan<float> Features(int group) => Slot(group * GroupRows, GroupRows);

    /// <summary>The class of a row, counted over all groups from 0.</summary>
    public int ClassOf(int row) => _classes[row];

    public float WeightOf(int row) => _weights[row];

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }

    private void Add(int label, float weight, in VBuffer<float> values)
    {
        int row = Append(label, weight);
        values.CopyTo(Slot(row, 1));
        Count++;
        WeightSum += weight;
    }

    private int Append(int label, float weight)
    {
        if (_classes.Count == _blocks.Count * (long)_groupsPerBlock * GroupRows)
            _blocks.Add(new float[_groupsPerBlock * GroupRows * Stride]);
        _classes.Add(label);
        _weights.Add(weight);
        return _classes.Count - 1;
    }

    private void FillGroup()
    {
        while (_classes.Count % GroupRows != 0)
            Append(0, 0);
    }

    private Span<float> Slot(int row, int rows)
    {
        int rowsPerBlock = _groupsPerBlock * GroupRows;
        return _blocks[row / rowsPerBlock].AsSpan(row % rowsPerBlock * Stride, rows * Stride);
    }
}
