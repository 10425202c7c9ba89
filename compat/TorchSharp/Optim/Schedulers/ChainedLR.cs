namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            public static LRScheduler ChainedLR(IEnumerable<LRScheduler> schedulers) => new impl.ChainedLR(schedulers);

            public static partial class impl
            {
                /// <summary>All schedulers step together, each on what the one before left.</summary>
                public class ChainedLR : LRScheduler
                {
                    private readonly List<LRScheduler> _schedulers;

                    public ChainedLR(IEnumerable<LRScheduler> schedulers)
                    {
                        _schedulers = schedulers.ToList();
                        _last_lrs = _schedulers[^1]._last_lrs;
                    }

                    public override void step()
                    {
                        foreach (var scheduler in _schedulers) scheduler.step();
                        _last_lrs = _schedulers[^1]._last_lrs;
                    }
                }
            }
        }
    }
}
