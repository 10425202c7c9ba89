using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>Getters of the two output columns over the probabilities of the current row; no probabilities are a missing result.</summary>
internal static class ScoreGetters
{
    public static Delegate Create(int output, int classes, Func<ReadOnlyMemory<float>> current) =>
        output == ScoringMap.Score ? Score(classes, current) : PredictedLabel(current);

    /// <summary>Gives a delegate its caller's type.</summary>
    /// <exception cref="InvalidOperationException">The column has another type.</exception>
    public static ValueGetter<T> As<T>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<T>
        ?? throw new InvalidOperationException($"Column '{column.Name}' has values of {column.Type.RawType}, not of {typeof(T)}.");

    private static ValueGetter<VBuffer<float>> Score(int classes, Func<ReadOnlyMemory<float>> current) => (ref VBuffer<float> value) =>
    {
        var probabilities = current().Span;
        var editor = VBufferEditor.Create(ref value, classes);
        if (probabilities.IsEmpty)
            editor.Values.Fill(float.NaN);
        else
            probabilities.CopyTo(editor.Values);
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
