namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.StepLR(optimizer, step_size, gamma, last_epoch, verbose);

            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiStepLR(optimizer, milestones, gamma, last_epoch, verbose);

            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new impl.ExponentialLR(optimizer, gamma, last_epoch, verbose);

            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.LambdaLR(optimizer, lr_lambda, last_epoch, verbose);

            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new impl.MultiplicativeLR(optimizer, lr_lambda, last_epoch, verbose);

            public static partial class impl
            {
                /// <summary>Times gamma every step_size epochs.</summary>
                public class StepLR : LRScheduler
                {
                    private readonly int _stepSize;
                    private readonly double _gamma;

                    public StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_stepSize, _gamma) = (step_size, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 || _last_epoch % _stepSize != 0 ? CurrentRates : CurrentRates.Select(rate => rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() =>
                        _base_lrs.Select(rate => rate * Math.Pow(_gamma, _last_epoch / _stepSize));
                }

                /// <summary>Times gamma at every milestone; one that stands twice counts twice.</summary>
                public class MultiStepLR : LRScheduler
                {
                    private readonly IList<int> _milestones;
                    private readonly double _gamma;

                    public MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        (_milestones, _gamma) = (milestones, gamma);
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => Scaled(CurrentRates, _milestones.Count(m => m == _last_epoch));

                    protected override IEnumerable<double> get_closed_form_lr() => Scaled(_base_lrs, _milestones.Count(m => m <= _last_epoch));

                    private IEnumerable<double> Scaled(IEnumerable<double> rates, int times) => rates.Select(rate => rate * Math.Pow(_gamma, times));
                }

                /// <summary>Times gamma every epoch.</summary>
                public class ExponentialLR : LRScheduler
                {
                    private readonly double _gamma;

                    public ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _gamma = gamma;
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        _last_epoch == 0 ? CurrentRates : CurrentRates.Select(rate => rate * _gamma);

                    protected override IEnumerable<double> get_closed_form_lr() => _base_lrs.Select(rate => rate * Math.Pow(_gamma, _last_epoch));
                }

                /// <summary>The first rate times a function of the epoch, one function for every group or one for all.</summary>
                public class LambdaLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _lambdas;

                    public LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = lr_lambdas.ToList();
                        step();
                    }

                    protected override IEnumerable<double> get_lr() => _base_lrs.Select((rate, i) => rate * _lambdas[i](_last_epoch));
                }

                /// <summary>The rate before times a function of the epoch.</summary>
                public class MultiplicativeLR : LRScheduler
                {
                    private readonly List<Func<int, double>> _lambdas;

                    public MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false)
                        : this(optimizer, optimizer.ParamGroups.Select(_ => lr_lambda), last_epoch, verbose)
                    {
                    }

                    public MultiplicativeLR(Optimizer optimizer, IEnumerable<Func<int, double>> lr_lambdas, int last_epoch = -1, bool verbose = false)
                        : base(optimizer, last_epoch, verbose)
                    {
                        _lambdas = lr_lambdas.ToList();
                        step();
                    }

                    protected override IEnumerable<double> get_lr() =>
                        CurrentRates.Select((rate, i) => _last_epoch > 0 ? rate * _lambdas[i](_last_epoch) : rate);
                }
            }
        }
    }
}
