using Microsoft.ML.Runtime;

namespace Microsoft.ML.Numeric;

/// <summary>
/// L-BFGS for a smooth loss plus an L1 penalty: within a step no penalized weight changes its sign
/// (Andrew and Gao, Scalable Training of L1-Regularized Log-Linear Models, 2007).
/// </summary>
/// <param name="host">Where errors and cancellation go.</param>
/// <param name="loss">The smooth part.</param>
/// <param name="start">The first point; it is overwritten.</param>
/// <param name="historySize">How many steps the estimate of the curvature remembers.</param>
/// <param name="nonNegative">Whether penalized weights stay at or above zero.</param>
/// <param name="penalty">The penalty of a weight of size 1.</param>
/// <param name="firstPenalized">What stands before it, the biases, is not penalized.</param>
internal sealed class OrthantLbfgs(IHost host, Loss loss, float[] start, int historySize, bool nonNegative, float penalty, int firstPenalized)
    : Lbfgs(host, loss, start, historySize, nonNegative)
{
    private const float SufficientDecrease = 1e-4f;
    private const int Attempts = 8;

    protected override float Evaluate(float[] point, float[] gradient)
    {
        float sum = 0;
        for (int i = firstPenalized; i < point.Length; i++)
            sum += Math.Abs(point[i]);
        return penalty * sum + base.Evaluate(point, gradient);
    }

    protected override void FindDescent()
    {
        for (int i = 0; i < Descent.Length; i++)
            Descent[i] = i < firstPenalized ? -Gradient[i] : Descend(Point[i], Gradient[i]);
    }

    protected override void ConstrainDirection() => ZeroWhereNoDescent();

    protected override bool Search(bool force)
    {
        SlopeOrStop(-FloatVectors.Dot(Direction, Descent));
        float step = FirstStep;
        MoveTo(step);
        float gain = Gain();
        if (gain < 0)
        {
            TurnToDescent();
            MoveTo(step);
            gain = Gain();
        }
        for (int attempt = 1; ; attempt++)
        {
            Value = Evaluate(NewPoint, NewGradient);
            if (Value <= LastValue - SufficientDecrease * gain)
                return true;
            if (!force && attempt == Attempts)
                return false;
            step *= 0.25f;
            MoveTo(step);
            gain = Gain();
        }
    }

    /// <summary>Minus the derivative with the penalty, one-sided where the weight is zero; zero where both sides go up.</summary>
    private float Descend(float weight, float slope)
    {
        if (NonNegative)
            return weight > 0 ? -slope - penalty : -Math.Min(slope + penalty, 0);
        if (weight != 0)
            return -slope - Math.Sign(weight) * penalty;
        if (slope < -penalty)
            return -slope - penalty;
        return slope > penalty ? -slope + penalty : 0;
    }

    /// <summary>The decrease that the slope promises for the step taken.</summary>
    private float Gain() => FloatVectors.Dot(Descent, NewPoint) - FloatVectors.Dot(Descent, Point);

    private void MoveTo(float step)
    {
        FloatVectors.AddMultiple(Point, step, Direction, NewPoint);
        for (int i = firstPenalized; i < NewPoint.Length; i++)
            if (NonNegative ? NewPoint[i] < 0 : Point[i] * NewPoint[i] < 0)
                NewPoint[i] = 0;
    }

    /// <summary>Leaves out of the direction what goes against the steepest descent.</summary>
    private void TurnToDescent()
    {
        for (int i = firstPenalized; i < Direction.Length; i++)
            if (Descent[i] * Direction[i] < 0)
                Direction[i] = 0;
    }
}
