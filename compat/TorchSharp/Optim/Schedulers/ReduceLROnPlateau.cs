namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                string threshold_mode = "rel", int cooldown = 0, IList<double> min_lr = null, double eps = 1e-8, bool verbose = false) =>
                new impl.ReduceLROnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            public static partial class impl
            {
                /// <summary>Times factor when a metric has not become better for more than patience epochs.</summary>
                public class ReduceLROnPlateau : LRScheduler
                {
                    private readonly bool _smaller;
                    private readonly bool _relative;
                    private readonly double _factor;
                    private readonly double _threshold;
                    private readonly double _eps;
                    private readonly int _patience;
                    private readonly int _cooldown;
                    private readonly List<double> _minimum;
                    private double _best;
                    private int _badEpochs;
                    private int _coolingEpochs;

                    public ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 1e-4,
                        string threshold_mode = "rel", int cooldown = 0, IList<double> min_lr = null, double eps = 1e-8, bool verbose = false)
                        : base(optimizer, -1, verbose)
                    {
                        if (factor >= 1.0) throw new ArgumentException("Factor should be < 1.0");
                        if (mode is not ("min" or "max")) throw new ArgumentException($"mode {mode} is unknown!");
                        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"threshold mode {threshold_mode} is unknown!");
                        (_smaller, _relative, _factor, _patience) = (mode == "min", threshold_mode == "rel", factor, patience);
                        (_threshold, _cooldown, _eps) = (threshold, cooldown, eps);
                        _minimum = optimizer.ParamGroups.Select((_, i) => min_lr is null or { Count: 0 } ? 0 : min_lr[Math.Min(i, min_lr.Count - 1)]).ToList();
                        _best = _smaller ? double.PositiveInfinity : double.NegativeInfinity;
                        _last_epoch = 0;
                    }

                    public override void step() => throw new InvalidOperationException("step() should not be used with the ReduceLROnPlateau scheduler. Use step(double) instead.");

                    public override void step(int? epoch) => step();

                    public override void step(double current, int? epoch = null)
                    {
                        _last_epoch = epoch ?? _last_epoch + 1;
                        _badEpochs = IsBetter(current) ? 0 : _badEpochs + 1;
                        if (_badEpochs == 0) _best = current;
                        if (_coolingEpochs > 0) (_coolingEpochs, _badEpochs) = (_coolingEpochs - 1, 0);
                        if (_badEpochs <= _patience) return;
                        Reduce();
                        (_coolingEpochs, _badEpochs) = (_cooldown, 0);
                    }

                    private bool IsBetter(double current) => (_smaller, _relative) switch
                    {
                        (true, true) => current < _best * (1 - _threshold),
                        (true, false) => current < _best - _threshold,
                        (false, true) => current > _best * (1 + _threshold),
                        (false, false) => current > _best + _threshold,
                    };

                    private void Reduce() => SetRates(CurrentRates.Select((rate, i) =>
                    {
                        var lower = Math.Max(rate * _factor, _minimum[i]);
                        return rate - lower > _eps ? lower : rate;
                    }).ToList());
                }
            }
        }
    }
}
