namespace CnnTrainers.Distributed.Tests;

public class RanksTests
{
    [Theory]
    [InlineData(2, "3 20")]
    [InlineData(3, "6 30")]
    public void All_get_what_each_has(int processes, string sums)
    {
        var lines = Mpirun.Run(processes, nameof(Parts.Talk)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ToList();
        Assert.Equal(processes, lines.Count);
        var total = Enumerable.Range(0, 100_000).Sum(i => (float)(i % 7 * Enumerable.Range(1, processes).Sum()));
        var lengths = string.Join("|", Enumerable.Range(0, processes));
        for (var rank = 0; rank < processes; rank++)
        {
            var received = string.Join(",", Enumerable.Range(0, processes).Select(from => 10 * from + rank));
            Assert.Equal(FormattableString.Invariant($"rank {rank} of {processes}: {sums} {total} {lengths} größer {received} {rank}/{processes} True False"), lines[rank]);
        }
    }

    [Fact]
    public void A_sum_of_more_than_goes_at_once_is_whole() =>
        Assert.Equal(["0", "0"], Mpirun.Run(2, nameof(Parts.SumMany)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_processes_of_one_machine_add_up_in_memory_that_they_share(int processes) =>
        Assert.Equal(
            Enumerable.Repeat("True True", processes),
            Mpirun.Run(processes, nameof(Parts.SumInSharedMemory)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_process_that_fails_ends_the_others_with_its_message()
    {
        var result = Mpirun.Run(2, nameof(Parts.FailOnOne));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("InvalidOperationException: the image is damaged", result.Errors);
        Assert.Contains("CnnRankException: rank 1: the image is damaged", result.Errors);
    }

    [Fact]
    public void A_process_that_ends_in_failure_without_a_word_ends_the_others()
    {
        var result = Mpirun.Run(2, nameof(Parts.LeaveOne));
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("InvalidOperationException: nobody is told", result.Errors);
    }

    [Fact]
    public void Without_a_launcher_a_process_is_alone()
    {
        Assert.False(CnnDistributed.IsLaunched);
        Assert.Equal((0, 1), (CnnDistributed.Rank, CnnDistributed.Size));
    }
}
