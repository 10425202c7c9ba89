using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>Getters of the output columns over the probabilities, or the features, of the current row; where there are none, the result is missing.</summary>
internal static class ScoreGetters
{
    public static Delegate Create(int output, int count, Func<ReadOnlyMemory<float>> current) =>
        output == ScoringMap.PredictedLabel ? PredictedLabel(current) : Vector(count, current);

    /// <summary>Gives a delegate its caller's type.</summary>
    /// <exception cref="InvalidOperationException">The column has another type.</exception>
    public static ValueGetter<T> As<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException($"Column '{column.Name}' has values of {column.Type.RawType}, not of {typeof(T)}.");

    private static ValueGetter<VBuffer<float>> Vector(int count, Func<ReadOnlyMemory<float>> current) => (ref VBuffer<float> value) =>
    {
        var numbers = current().Span;
        var editor = VBufferEditor.Create(ref value, count);
        if (numbers.IsEmpty)
            editor.Values.Fill(float.NaN);
        else
            numbers.CopyTo(editor.Values);
        value = editor.Commit();
    };

    // Raw keys count from 1, and 0 is the missing one.
    private static ValueGetter<uint> PredictedLabel(Func<ReadOnlyMemory<float>> current) => (ref uint value) =>
    {
        var probabilities = current().Span;
        var (best, most) = (-1, float.NegativeInfinity);
        for (var at = 0; at < probabilities.Length; at++)
            if (probabilities[at] > most)
                (best, most) = (at, probabilities[at]);
        value = (uint)(best + 1);
    };
}
