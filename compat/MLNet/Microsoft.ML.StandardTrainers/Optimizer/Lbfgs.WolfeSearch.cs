namespace Microsoft.ML.Numeric;

internal partial class Lbfgs
{
    /// <summary>The line search of Nocedal and Wright, algorithms 3.5 and 3.6.</summary>
    private sealed class WolfeSearch(Lbfgs state)
    {
        private const float SufficientDecrease = 1e-4f;
        private const float CurvatureShare = 0.9f;
        private const float SmallestShare = 0.01f;
        private const int ZoomSteps = 10;
        private float _slope;

        public bool Run(bool force)
        {
            _slope = SlopeOrStop(FloatVectors.Dot(state.Direction, state.Gradient));
            return Bracket(out Trial low, out Trial high) || Zoom(low, high, force);
        }

        /// <summary>Doubles the step until a good one is found, or an interval that has one.</summary>
        private bool Bracket(out Trial low, out Trial high)
        {
            (low, high) = (default, default);
            var last = new Trial(0, state.LastValue, _slope);
            for (float step = state.FirstStep; ;)
            {
                Trial trial = Try(step);
                if (float.IsPositiveInfinity(trial.Value))
                {
                    step /= 2;
                    continue;
                }
                state.CheckFinite(trial.Value);
                if (TooHigh(trial) || (last.Step > 0 && trial.Value >= last.Value))
                {
                    (low, high) = (last, trial);
                    return false;
                }
                if (IsFlat(trial))
                    return true;
                if (trial.Slope >= 0)
                {
                    (low, high) = (trial, last);
                    return false;
                }
                last = trial;
                step = step == 0 ? float.Epsilon : step * 2;
            }
        }

        private bool Zoom(Trial low, Trial high, bool force)
        {
            for (int count = 0; force || count < ZoomSteps; count++)
            {
                Trial trial = Try(Between(low, high));
                state.CheckFinite(trial.Value);
                if (TooHigh(trial) || trial.Value >= low.Value)
                {
                    if (high.Step == trial.Step)
                        return Stuck(force);
                    high = trial;
                    continue;
                }
                if (IsFlat(trial))
                    return true;
                if (trial.Slope * (high.Step - low.Step) >= 0)
                    high = low;
                if (low.Step == trial.Step)
                    return Stuck(force);
                low = trial;
            }
            return false;
        }

        private static bool Stuck(bool force) => force ? throw new PrematureConvergence("Step size interval numerically zero.") : false;

        private bool TooHigh(Trial trial) => trial.Value > state.LastValue + SufficientDecrease * _slope * trial.Step;

        private bool IsFlat(Trial trial) => Math.Abs(trial.Slope) <= -CurvatureShare * _slope;

        private Trial Try(float step)
        {
            FloatVectors.AddMultiple(state.Point, step, state.Direction, state.NewPoint);
            if (state.NonNegative)
                for (int i = 0; i < state.NewPoint.Length; i++)
                    state.NewPoint[i] = Math.Max(state.NewPoint[i], 0);
            state.Value = state.Evaluate(state.NewPoint, state.NewGradient);
            return new(step, state.Value, FloatVectors.Dot(state.Direction, state.NewGradient));
        }

        /// <summary>The minimum of the cubic through both ends, kept away from them.</summary>
        private static float Between(Trial low, Trial high)
        {
            (Trial left, Trial right) = low.Step < high.Step ? (low, high) : (high, low);
            float step;
            if (left.Slope > 0 && right.Slope < 0)
                step = low.Value < high.Value ? low.Step : high.Step;
            else
                step = CubicMinimum(low, high) is float minimum && float.IsFinite(minimum) ? minimum : (low.Step + high.Step) / 2;
            step = Math.Min(step, SmallestShare * left.Step + (1 - SmallestShare) * right.Step);
            return Math.Max(step, SmallestShare * right.Step + (1 - SmallestShare) * left.Step);
        }

        private static float CubicMinimum(Trial from, Trial to)
        {
            double width = (double)to.Step - from.Step;
            double first = from.Slope + to.Slope + 3 * (from.Value - (double)to.Value) / width;
            double second = Math.Sign(width) * Math.Sqrt(first * first - from.Slope * (double)to.Slope);
            return (float)(to.Step - width * (to.Slope + second - first) / (to.Slope - from.Slope + 2 * second));
        }

        private readonly record struct Trial(float Step, float Value, float Slope);
    }
}
