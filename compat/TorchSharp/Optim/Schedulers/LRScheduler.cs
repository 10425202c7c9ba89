namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, once a step; making it takes the first step (epoch 0).</summary>
            public abstract class LRScheduler
            {
                protected int _step_count;
                internal readonly Optimizer _optimizer;
                internal int _last_epoch = -1;
                internal IList<double> _base_lrs = [];
                internal IList<double> _last_lrs = [];
                private readonly bool _verbose;

                protected LRScheduler()
                {
                }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    (_optimizer, _last_epoch, _verbose) = (optimizer, last_epoch, verbose);
                    if (last_epoch == -1)
                        foreach (var group in optimizer.ParamGroups) group.InitialLearningRate = group.LearningRate;
                    _base_lrs = optimizer.ParamGroups.Select(group => group.InitialLearningRate).ToList();
                    _last_lrs = optimizer.ParamGroups.Select(group => group.LearningRate).ToList();
                }

                public virtual void step() => step(null);

                public virtual void step(int? epoch)
                {
                    _step_count++;
                    _last_epoch = epoch ?? _last_epoch + 1;
                    SetRates((epoch is null ? get_lr() : get_closed_form_lr()).ToList());
                }

                public virtual void step(double current, int? epoch = null) => step(epoch);

                public IEnumerable<double> get_last_lr() => _last_lrs;

                /// <summary>The rates for the current epoch, computed from those before.</summary>
                protected virtual IEnumerable<double> get_lr() => _last_lrs;

                /// <summary>The rates for the current epoch, computed from the first ones.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                internal IEnumerable<double> CurrentRates => _optimizer.ParamGroups.Select(group => group.LearningRate);

                internal void SetRates(IList<double> rates)
                {
                    var index = 0;
                    foreach (var group in _optimizer.ParamGroups)
                    {
                        group.LearningRate = rates[index];
                        if (_verbose) Console.WriteLine($"Adjusting learning rate of group {index} to {rates[index]:g4}");
                        index++;
                    }
                    _last_lrs = rates;
                }
            }
        }
    }
}
