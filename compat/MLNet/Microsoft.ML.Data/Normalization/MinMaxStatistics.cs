using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>Least and largest value of each slot.</summary>
internal sealed class MinMaxStatistics<T> : SlotStatistics<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] _min;
    private readonly T[] _max;
    private readonly long[] _stored;
    private readonly bool _fixZero;

    public MinMaxStatistics(int size, bool fixZero)
    {
        _min = new T[size];
        _max = new T[size];
        _stored = new long[size];
        _fixZero = fixZero;
        Array.Fill(_min, T.PositiveInfinity);
        Array.Fill(_max, T.NegativeInfinity);
    }

    protected override void Add(T value, int slot)
    {
        _stored[slot]++;
        Widen(value, slot);
    }

    // Comparisons with NaN are false, so NaN changes nothing.
    private void Widen(T value, int slot)
    {
        if (value > _max[slot])
            _max[slot] = value;
        if (value < _min[slot])
            _min[slot] = value;
    }

    public override ColumnFunction MakeFunction(bool isVector)
    {
        var scale = new T[_min.Length];
        var offset = new T[_min.Length];
        for (int i = 0; i < scale.Length; i++)
        {
            if (_stored[i] < Rows)
                Widen(T.Zero, i);
            (scale[i], offset[i]) = _fixZero ? AroundZero(_min[i], _max[i]) : FromMinimum(_min[i], _max[i]);
        }
        return new AffineColumnFunction<T>(isVector, scale, offset);
    }

    // A slot that does not vary, or of which nothing was seen, says nothing: scale 0 makes it 0.
    private static (T Scale, T Offset) AroundZero(T min, T max)
        => max > min ? (T.One / T.Max(T.Abs(max), T.Abs(min)), T.Zero) : (T.Zero, T.Zero);

    private static (T Scale, T Offset) FromMinimum(T min, T max)
    {
        var scale = max > min ? T.One / (max - min) : T.Zero;
        return (scale, T.IsZero(scale) ? T.Zero : min);
    }
}
