using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Figures;

public sealed class ParetoTests
{
    [Fact]
    public void The_front_has_what_nothing_beats() => Assert.Equal(
        [true, false, true, false, true, false],
        Pareto.Front([(1, 0.5), (2, 0.4), (2, 0.8), (3, 0.8), (9, 0.9), (10, null)]));

    [Fact]
    public void Equal_models_are_both_at_the_front() => Assert.Equal([true, true], Pareto.Front([(1, 0.5), (1, 0.5)]));

    [Fact]
    public void Of_equal_cost_only_the_best_is_at_the_front() => Assert.Equal([false, true, false], Pareto.Front([(1, 0.5), (1, 0.6), (null, 0.9)]));
}
