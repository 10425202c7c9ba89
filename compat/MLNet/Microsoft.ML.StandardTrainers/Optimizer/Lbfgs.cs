using Microsoft.ML.Runtime;

namespace Microsoft.ML.Numeric;

/// <summary>The value at a point; the gradient there goes into <paramref name="gradient"/>.</summary>
internal delegate float Loss(float[] point, float[] gradient);

/// <summary>Where an optimization ended; <paramref name="Premature"/> says why it could not go on to the tolerance, null where it could.</summary>
internal sealed record Optimum(float[] Point, float Value, string Premature);

/// <summary>
/// Limited-memory BFGS with a line search for the strong Wolfe conditions. With <c>nonNegative</c>, every step is cut off at zero.
/// </summary>
internal partial class Lbfgs
{
    private readonly IHost _host;
    private readonly Loss _loss;
    private readonly CurvatureHistory _history;

    public Lbfgs(IHost host, Loss loss, float[] start, int historySize, bool nonNegative)
    {
        _host = host;
        _loss = loss;
        _history = new CurvatureHistory(historySize);
        NonNegative = nonNegative;
        Point = start;
        NewPoint = (float[])start.Clone();
        (Gradient, NewGradient) = (new float[start.Length], new float[start.Length]);
        (Direction, Descent) = (new float[start.Length], new float[start.Length]);
    }

    protected bool NonNegative { get; }

    protected float[] Point { get; private set; }

    protected float[] Gradient { get; private set; }

    protected float[] NewPoint { get; private set; }

    protected float[] NewGradient { get; private set; }

    /// <summary>Where the next step goes.</summary>
    protected float[] Direction { get; }

    /// <summary>The direction of steepest descent among those that the constraints allow.</summary>
    protected float[] Descent { get; }

    /// <summary>The value at <see cref="Point"/>.</summary>
    protected float LastValue { get; private set; }

    /// <summary>The value at <see cref="NewPoint"/>.</summary>
    protected float Value { get; set; }

    protected int Iteration { get; private set; } = 1;

    /// <summary>The first step is of length 1, as nothing is known of the curvature; later ones are tried in full.</summary>
    protected float FirstStep => Iteration == 1 ? 1 / FloatVectors.Norm(Direction) : 1;

    public Optimum Minimize(ImprovementCriterion criterion)
    {
        try
        {
            Value = LastValue = CheckFinite(Evaluate(Point, Gradient));
            UpdateDirection();
            while (true)
            {
                _host.CheckAlive();
                Step();
                if (criterion.IsMet(LastValue, Value, Iteration))
                    return new(NewPoint, Value, null);
                Advance();
                UpdateDirection();
            }
        }
        catch (PrematureConvergence exception)
        {
            // It may have stopped before a step or after one: the better of both points counts.
            return Value <= LastValue ? new(NewPoint, Value, exception.Message) : new(Point, LastValue, exception.Message);
        }
    }

    protected virtual float Evaluate(float[] point, float[] gradient) => _loss(point, gradient);

    /// <summary>Fills <see cref="Descent"/>.</summary>
    protected virtual void FindDescent()
    {
        for (int i = 0; i < Descent.Length; i++)
            Descent[i] = NonNegative && Point[i] <= 0 ? -Math.Min(Gradient[i], 0) : -Gradient[i];
    }

    /// <summary>Keeps a direction within what the constraints allow.</summary>
    protected virtual void ConstrainDirection()
    {
        if (NonNegative)
            ZeroWhereNoDescent();
    }

    protected void ZeroWhereNoDescent()
    {
        for (int i = 0; i < Direction.Length; i++)
            if (Descent[i] == 0)
                Direction[i] = 0;
    }

    /// <summary>Goes along <see cref="Direction"/> to a point that is good enough; false where none was found and <paramref name="force"/> is not set.</summary>
    protected virtual bool Search(bool force) => new WolfeSearch(this).Run(force);

    protected static float SlopeOrStop(float slope)
    {
        if (slope == 0)
            throw new PrematureConvergence("Directional derivative is zero. You may be sitting on the optimum.");
        Contracts.Check(slope < 0, "L-BFGS chose a non-descent direction.");
        return slope;
    }

    protected float CheckFinite(float value)
    {
        if (!float.IsFinite(value))
            throw _host.Except("Optimizer unable to proceed with loss function yielding {0}", value);
        return value;
    }

    private void Step()
    {
        if (Search(force: false))
            return;
        // Rounding may have spoilt the history: once more, by steepest descent.
        _history.Clear();
        UpdateDirection();
        Search(force: true);
    }

    private void UpdateDirection()
    {
        FindDescent();
        Descent.CopyTo(Direction, 0);
        _history.Apply(Direction);
        ConstrainDirection();
    }

    private void Advance()
    {
        if (!_history.Add(Point, Gradient, NewPoint, NewGradient))
            throw new PrematureConvergence("ro equals zero. Is your function linear?");
        (LastValue, Value) = (Value, LastValue);
        (Point, NewPoint) = (NewPoint, Point);
        (Gradient, NewGradient) = (NewGradient, Gradient);
        Iteration++;
    }

    /// <summary>Points have come so near each other that their values no longer differ reliably.</summary>
    protected internal sealed class PrematureConvergence(string message) : Exception(message);
}
