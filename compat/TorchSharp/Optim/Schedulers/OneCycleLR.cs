namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true,
                double base_momentum = 0.85, double max_momentum = 0.95, double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false,
                int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                double pct_start = 0.3, impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true,
                IEnumerable<double> base_momentum = null, IEnumerable<double> max_momentum = null, double div_factor = 25, double final_div_factor = 1e4,
                bool three_phase = false, int last_epoch = -1, bool verbose = false) =>
                new impl.OneCycleLR(optimizer, max_lr, total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    base_momentum, max_momentum, div_factor, final_div_factor, three_phase, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>Up to max_lr in the first part of the steps, then down far below the start; momentum goes the other way.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly Func<double, double, double, double> _anneal;
                    private readonly (double End, Point From, Point To)[] _phases;
                    private readonly int _totalSteps;
                    private readonly bool _cycleMomentum;
                    private readonly List<(double Base, double Max)> _momenta;
                    private readonly List<(double Initial, double Max, double Final)> _rates;

                    public OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                        AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                        double div_factor = 25, double final_div_factor = 1e4, bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, ForAll(optimizer, max_lr), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                            ForAll(optimizer, base_momentum), ForAll(optimizer, max_momentum), div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    {
                    }

                    public OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1,
                        double pct_start = 0.3, AnnealStrategy anneal_strategy = AnnealStrategy.Cos, bool cycle_momentum = true,
                        IEnumerable<double> base_momentum = null, IEnumerable<double> max_momentum = null, double div_factor = 25, double final_div_factor = 1e4,
                        bool three_phase = false, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _totalSteps = Steps(total_steps, epochs, steps_per_epoch);
                        if (pct_start is < 0 or > 1) throw new ArgumentException($"Expected float between 0 and 1 for pct_start, but got {pct_start}");
                        _anneal = anneal_strategy == AnnealStrategy.Cos ? Cosine : Line;
                        _phases = Phases(_totalSteps, pct_start, three_phase);
                        _rates = max_lr.Select(max => (max / div_factor, max, max / div_factor / final_div_factor)).ToList();
                        _momenta = (base_momentum ?? ForAll(optimizer, 0.85)).Zip(max_momentum ?? ForAll(optimizer, 0.95)).ToList();
                        _cycleMomentum = cycle_momentum;
                        if (cycle_momentum && optimizer.ParamGroups.Any(group => group is not (IMomentum or IBetas)))
                            throw new ArgumentException("optimizer must support momentum with `cycle_momentum` enabled");
                        _base_lrs = _rates.Select(rate => rate.Initial).ToList();
                        step();
                    }

                    public enum AnnealStrategy
                    {
                        Cos = 0,
                        Linear = 1,
                    }

                    private enum Point
                    {
                        Initial,
                        Max,
                        Final,
                    }

                    private static IEnumerable<double> ForAll(Optimizer optimizer, double value) => optimizer.ParamGroups.Select(_ => value);

                    private static int Steps(int total, int epochs, int stepsPerEpoch)
                    {
                        if (total > 0) return total;
                        if (total == -1 && epochs > 0 && stepsPerEpoch > 0) return epochs * stepsPerEpoch;
                        throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch)");
                    }

                    private static (double, Point, Point)[] Phases(int steps, double start, bool three) => three
                        ? [(start * steps - 1, Point.Initial, Point.Max), (2 * start * steps - 2, Point.Max, Point.Initial), (steps - 1, Point.Initial, Point.Final)]
                        : [(start * steps - 1, Point.Initial, Point.Max), (steps - 1, Point.Max, Point.Final)];

                    private static double Cosine(double from, double to, double part) => to + (from - to) / 2 * (Math.Cos(Math.PI * part) + 1);

                    private static double Line(double from, double to, double part) => from + (to - from) * part;

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch >= _totalSteps)
                            throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times. The specified number of total steps is {_totalSteps}");
                        var start = 0.0;
                        var (end, from, to) = _phases[0];
                        for (var i = 1; i < _phases.Length && _last_epoch > end; i++) (start, (end, from, to)) = (end, _phases[i]);
                        var part = (_last_epoch - start) / (end - start);
                        if (_cycleMomentum) SetMomenta(from, to, part);
                        return _rates.Select(rate => _anneal(Rate(rate, from), Rate(rate, to), part));
                    }

                    private static double Rate((double Initial, double Max, double Final) rate, Point point) =>
                        point == Point.Max ? rate.Max : point == Point.Initial ? rate.Initial : rate.Final;

                    private void SetMomenta(Point from, Point to, double part)
                    {
                        var index = 0;
                        foreach (var group in _optimizer.ParamGroups)
                        {
                            var (low, high) = _momenta[index++];
                            var momentum = _anneal(from == Point.Max ? low : high, to == Point.Max ? low : high, part);
                            if (group is IMomentum momentumGroup) momentumGroup.Momentum = momentum;
                            else if (group is IBetas betas) betas.Betas = (momentum, betas.Betas.Item2);
                        }
                    }
                }
            }
        }
    }
}
