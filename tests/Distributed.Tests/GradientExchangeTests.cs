namespace CnnTrainers.Distributed.Tests;

public class GradientExchangeTests
{
    [Fact]
    public void Gradients_are_sums_over_the_processes_and_most_leave_before_the_backward_pass_ends()
    {
        var lines = Mpirun.Run(2, nameof(Parts.Exchange)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ToList();
        Assert.Equal(
            ["rank 0: resnet18 equal, sent early True", "rank 0: tied equal, sent early True", "rank 0: turning equal, sent early True",
             "rank 1: resnet18 equal, sent early True", "rank 1: tied equal, sent early True", "rank 1: turning equal, sent early True"], lines);
    }
}
