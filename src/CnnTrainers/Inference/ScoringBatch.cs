using System.Runtime.ExceptionServices;
using CnnTrainers.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>The rows that a cursor has read ahead: their images, what is wrong with them, and their probabilities and features once asked for.</summary>
internal sealed class ScoringBatch
{
    private readonly ScoringMap _map;
    private readonly DataViewRow _input;
    private readonly ImageReader _image;
    private readonly Func<string?> _file;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly int[] _places; // of a row among the images; -1 where it has none
    private readonly Exception?[] _faults;
    private readonly float[] _pixels;
    private readonly int _capacity;
    private readonly Dictionary<int, float[]> _memory = []; // of results, to be used again
    private readonly HashSet<int> _computed = [];
    private int _images;

    public ScoringBatch(ScoringMap map, DataViewRow input, int capacity)
    {
        (_map, _input) = (map, input);
        _image = ImageReader.Create(input, map.Feature, map.Format);
        _file = RowErrors.FileOf(input);
        _idGetter = input.GetIdGetter();
        (_ids, _batches) = (new DataViewRowId[capacity], new long[capacity]);
        (_places, _faults) = (new int[capacity], new Exception?[capacity]);
        (_pixels, _capacity) = (new float[capacity * map.Model.Shape.Size], capacity);
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        _images = 0;
        _computed.Clear();
    }

    public long BatchOf(int row) => _batches[row];

    public DataViewRowId IdOf(int row) => _ids[row];

    /// <summary>Takes the row that the input stands on.</summary>
    /// <param name="row">Its place in this batch.</param>
    /// <param name="position">Its place in the data view, for errors.</param>
    public void Read(int row, long position)
    {
        _idGetter(ref _ids[row]);
        _batches[row] = _input.Batch;
        (_places[row], _faults[row]) = (-1, null);
        try
        {
            if (_image.Read())
            {
                _image.CopyTo(_pixels.AsSpan(_images * _map.Model.Shape.Size, _map.Model.Shape.Size));
                _places[row] = _images++;
            }
            else if (!_map.Model.SkipUnreadableImages)
                _faults[row] = Unusable(position, null);
        }
        catch (Exception fault) when (RowErrors.BelongsToRow(fault))
        {
            // The error is the row's own: it comes when this row's outputs are asked for, not already at the rows before it.
            if (!_map.Model.SkipUnreadableImages || !RowErrors.IsUnreadable(fault))
                _faults[row] = Unusable(position, fault);
        }
    }

    /// <summary>What an output of a row comes from; empty where the row has no image and that is allowed.</summary>
    /// <exception cref="InvalidOperationException">Its image cannot be used.</exception>
    public ReadOnlyMemory<float> ResultsOf(int output, int row)
    {
        if (_faults[row] is { } fault)
            ExceptionDispatchInfo.Throw(fault);
        if (_places[row] < 0)
            return default;
        if (output == ScoringMap.PredictedLabel)
            output = ScoringMap.Score; // it comes from the same
        var count = _map.CountOf(output);
        if (!_memory.TryGetValue(output, out var results))
            _memory.Add(output, results = new float[_capacity * count]);
        if (!_computed.Contains(output))
            _map.Compute(output, _pixels.AsSpan(0, _images * _map.Model.Shape.Size), _images, results.AsSpan(0, _images * count));
        _computed.Add(output); // where that failed, the next row that asks fails too
        return results.AsMemory(_places[row] * count, count);
    }

    private InvalidOperationException Unusable(long position, Exception? fault) => RowErrors.Unusable(_map.Feature.Name, position, _file(), fault);
}
