namespace CnnTrainers.Serving.Tests;

/// <summary>How examples/05-WebService begins.</summary>
public sealed class WebStartTests
{
    [Fact]
    public void AModelThatDoesNotLoadEndsTheProgram()
    {
        using var program = new WebProgram([1, 2, 3], "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, program.WaitForExit());
        Assert.StartsWith($"The model {program.ModelPath} does not load: ", program.Output.Trim());
        Assert.DoesNotContain("   at ", program.Output);
    }

    [Fact]
    public void AModelOfOtherColumnsEndsTheProgram()
    {
        using var program = new WebProgram(SmallModels.OfOtherColumns(), "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, program.WaitForExit());
        Assert.Contains("'Other'", program.Output);
    }

    [Fact]
    public void WithoutAnAddressOnlyThisMachineReachesIt()
    {
        using var program = new WebProgram(SmallModels.First.File);
        // Where the port is taken, the program says which address it wanted.
        Wait.Until(() => program.Output.Contains("Application started", StringComparison.Ordinal) || program.Output.Contains("Failed to bind", StringComparison.Ordinal), "the start");
        Assert.Matches(@"Now listening on: http://localhost:5000|Failed to bind to address http://(localhost|127\.0\.0\.1|\[::1\]):5000", program.Output);
        Assert.DoesNotMatch(@"Now listening on: (?!http://localhost:5000)", program.Output);
    }
}
