using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnTrainers.Distributed.Tests;

public partial class TcpTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_machines_talk_over_a_network()
    {
        output.WriteLine(TwoMachines.Which);
        var result = TwoMachines.Run(nameof(Parts.Talk)).Succeeded();
        output.WriteLine(result.Errors);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ToList();
        // A machine has one process where there are two machines.
        var places = TwoMachines.Are ? (string[])["0/1", "0/1"] : ["0/2", "1/2"];
        Assert.Equal([$"rank 0 of 2: 3 20 899985 0|1 größer 0,10 {places[0]} True False", $"rank 1 of 2: 3 20 899985 0|1 größer 1,11 {places[1]} True False"], lines);
        if (TwoMachines.Are)
            Assert.InRange(BytesOverTheCable(result.Errors), 800_000, 1_600_000); // 100,000 numbers of 4 bytes each way
    }

    private static long BytesOverTheCable(string errors) => long.Parse(Cable().Match(errors).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"over the cable: (\d+) bytes")]
    private static partial Regex Cable();
}
