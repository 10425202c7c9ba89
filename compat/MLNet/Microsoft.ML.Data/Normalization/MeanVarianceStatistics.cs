using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>Mean and variance of each slot, updated value by value in double precision; infinities count as little as NaN.</summary>
internal sealed class MeanVarianceStatistics<T>(int size, bool fixZero, bool useCdf) : SlotStatistics<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly double[] _mean = new double[size];
    private readonly double[] _squares = new double[size];
    private readonly long[] _count = new long[size];
    private readonly long[] _ignored = new long[size];

    // Zeros are taken together at the end, so that sparse and dense rows give the same to the last bit.
    protected override void Add(T value, int slot)
    {
        if (T.IsZero(value))
            return;
        if (!T.IsFinite(value))
        {
            _ignored[slot]++;
            return;
        }
        double number = double.CreateTruncating(value);
        double delta = number - _mean[slot];
        _mean[slot] += delta / ++_count[slot];
        _squares[slot] += delta * (number - _mean[slot]);
    }

    private void AddZeros(int slot)
    {
        long zeros = Rows - _ignored[slot] - _count[slot];
        if (zeros == 0)
            return;
        _count[slot] += zeros;
        double delta = -_mean[slot];
        _mean[slot] += delta * zeros / _count[slot];
        _squares[slot] += delta * -_mean[slot] * zeros;
    }

    public override ColumnFunction MakeFunction(bool isVector)
    {
        for (int i = 0; i < size; i++)
            AddZeros(i);
        return useCdf ? MakeCdf(isVector) : MakeAffine(isVector);
    }

    private CdfColumnFunction<T> MakeCdf(bool isVector)
    {
        var mean = new T[size];
        var deviation = new T[size];
        for (int i = 0; i < size; i++)
        {
            if (_squares[i] != 0)
                (mean[i], deviation[i]) = (T.CreateTruncating(_mean[i]), T.CreateTruncating(Math.Sqrt(_squares[i] / _count[i])));
        }
        return new CdfColumnFunction<T>(isVector, mean, deviation, useLog: false);
    }

    // A slot that does not vary says nothing: scale 0 makes it 0.
    private AffineColumnFunction<T> MakeAffine(bool isVector)
    {
        var scale = new T[size];
        var offset = new T[size];
        for (int i = 0; i < size; i++)
        {
            double variance = _squares[i] / _count[i];
            if (_squares[i] == 0)
                continue;
            scale[i] = T.One / T.CreateTruncating(Math.Sqrt(fixZero ? variance + _mean[i] * _mean[i] : variance));
            if (!fixZero && !T.IsZero(scale[i]))
                offset[i] = T.CreateTruncating(_mean[i]);
        }
        return new AffineColumnFunction<T>(isVector, scale, offset);
    }
}
