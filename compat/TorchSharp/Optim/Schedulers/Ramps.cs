namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new impl.ConstantLR(optimizer, factor, total_iters, last_epoch, verbose);

            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 5, int total_iters = 5,
                int last_epoch = -1, bool verbose = false) =>
                new impl.LinearLR(optimizer, start_factor, end_factor, total_iters, last_epoch, verbose);

            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, int power = 1, int last_epoch = -1, bool verbose = false) =>
                new impl.PolynomialLR(optimizer, total_iters, power, last_epoch, verbose);

            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0.0, int last_epoch = -1, bool verbose = false) =>
                new impl.CosineAnnealingLR(optimizer, T_max, eta_min, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>The first rate times factor until total_iters, the first rate from then on.</summary>
                public class ConstantLR : LRScheduler
                {
                    private readonly double _factor;
                    private readonly int _total;

                    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (factor is < 0 or > 1) throw new ArgumentException("Constant multiplicative factor expected to be between 0 and 1.");
                        (_factor, _total) = (factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        var change = _last_epoch == 0 ? _factor : _last_epoch == _total ? 1 / _factor : 1;
                        return CurrentRates.Select(rate => rate * change);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => _last_epoch >= _total ? rate : rate * _factor);
                }

                /// <summary>A factor that goes in a straight line from start_factor to end_factor in total_iters epochs.</summary>
                public class LinearLR : LRScheduler
                {
                    private readonly double _start;
                    private readonly double _end;
                    private readonly int _total;

                    public LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1.0, int total_iters = 5, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (start_factor is < 0 or > 1) throw new ArgumentException("Starting multiplicative factor expected to be between 0 and 1.");
                        (_start, _end, _total) = (start_factor, end_factor, total_iters);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return CurrentRates.Select(rate => rate * _start);
                        if (_last_epoch > _total) return CurrentRates;
                        var change = 1 + (_end - _start) / (_total * _start + (_last_epoch - 1) * (_end - _start));
                        return CurrentRates.Select(rate => rate * change);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => rate * (_start + (_end - _start) * Math.Min(_total, _last_epoch) / _total));
                }

                /// <summary>Down to zero in total_iters epochs, by a power of what is left.</summary>
                public class PolynomialLR : LRScheduler
                {
                    private readonly int _total;
                    private readonly int _power;

                    public PolynomialLR(Optimizer optimizer, int total_iters = 5, int power = 1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_total, _power) = (total_iters, power);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0 || _last_epoch > _total) return CurrentRates;
                        var change = Math.Pow((1.0 - (double)_last_epoch / _total) / (1.0 - (_last_epoch - 1.0) / _total), _power);
                        return CurrentRates.Select(rate => rate * change);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => rate * Math.Pow(1.0 - (double)Math.Min(_total, _last_epoch) / _total, _power));
                }

                /// <summary>Half a cosine from the first rate down to eta_min in T_max epochs, and back up beyond.</summary>
                public class CosineAnnealingLR : LRScheduler
                {
                    private readonly double _period;
                    private readonly double _minimum;

                    public CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0.0, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_period, _minimum) = (T_max, eta_min);
                        step();
                    }

                    protected override IEnumerable<double> get_lr()
                    {
                        if (_last_epoch == 0) return CurrentRates;
                        // Half way through a period the divisor below is zero: there the closed form takes over.
                        if (Math.Abs((_last_epoch - 1 - _period) % (2 * _period)) < 1e-12)
                            return CurrentRates.Zip(_base_lrs, (rate, first) => rate + (first - _minimum) * (1 - Math.Cos(Math.PI / _period)) / 2);
                        var change = (1 + Math.Cos(Math.PI * _last_epoch / _period)) / (1 + Math.Cos(Math.PI * (_last_epoch - 1) / _period));
                        return CurrentRates.Select(rate => change * (rate - _minimum) + _minimum);
                    }

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => _minimum + (rate - _minimum) * (1 + Math.Cos(Math.PI * _last_epoch / _period)) / 2);
                }
            }
        }
    }
}
