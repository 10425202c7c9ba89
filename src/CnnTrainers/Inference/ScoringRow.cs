using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>One row with the network's outputs, as a PredictionEngine wants it: the network runs once for each position of the input row.</summary>
internal sealed class ScoringRow : DataViewRow
{
    private readonly ScoringMap _map;
    private readonly DataViewRow _input;
    private readonly HashSet<int> _active;
    private readonly ImageReader? _image;
    private readonly float[] _pixels, _probabilities, _features;
    private long _read = -1, _scored = -1, _featured = -1; // positions
    private bool _hasImage;

    public ScoringRow(ScoringMap map, DataViewRow input, IEnumerable<DataViewSchema.Column> active)
    {
        (_map, _input) = (map, input);
        var columns = active.ToList();
        _active = [.. columns.Select(column => column.Index)];
        if (columns.Exists(column => map.OutputOf(column) >= 0))
            _image = ImageReader.Create(input, map.Feature, map.Format);
        (_pixels, _probabilities, _features) = (new float[map.Model.Shape.Size], new float[map.Model.Classes.Count], new float[map.Model.Features?.Count ?? 0]);
    }

    public override DataViewSchema Schema => _map.OutputSchema;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var output = _map.OutputOf(column);
        if (output < 0)
            return _input.GetGetter<TValue>(_map.SourceOf(column));
        return _image is not null
            ? ScoreGetters.As<TValue>(ScoreGetters.Create(output, _map.CountOf(output), output == ScoringMap.Features ? Features : Probabilities), column)
            : throw new InvalidOperationException($"Column '{column.Name}' is not active.");
    }

    private ReadOnlyMemory<float> Probabilities() => Current(ScoringMap.Score, _probabilities, ref _scored);

    private ReadOnlyMemory<float> Features() => Current(ScoringMap.Features, _features, ref _featured);

    // An input row of a fixed position, such as one built by hand, gives no sign of new values: it is scored at each call.
    private ReadOnlyMemory<float> Current(int output, float[] results, ref long computed)
    {
        if (_read < 0 || _read != _input.Position)
        {
            _hasImage = Read();
            (_read, _scored, _featured) = (_input.Position, -1, -1);
        }
        if (!_hasImage)
            return default;
        if (computed < 0 || computed != _input.Position)
            _map.Compute(output, _pixels, 1, results);
        computed = _input.Position;
        return results;
    }

    private bool Read()
    {
        Exception? cause = null;
        try
        {
            if (_image!.Read())
            {
                _image.CopyTo(_pixels);
                return true;
            }
        }
        catch (Exception fault) when (RowErrors.BelongsToRow(fault))
        {
            cause = fault;
        }
        if (_map.Model.SkipUnreadableImages && RowErrors.IsUnreadable(cause))
            return false;
        throw RowErrors.Unusable(_map.Feature.Name, _input.Position, null, cause);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }
}
