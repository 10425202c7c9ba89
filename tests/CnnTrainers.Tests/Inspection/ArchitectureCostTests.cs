namespace CnnTrainers.Tests.Inspection;

/// <summary>The known costs themselves are measured anew by RegistryTests, beside the parameter counts.</summary>
public class ArchitectureCostTests
{
    [Fact]
    public void AVariantOfOnesOwnIsMeasuredEvenUnderAKnownName()
    {
        var wider = LeNetVariant.LeNet5 with { DefaultChannels = 3 };
        var (known, own) = (ArchitectureCost.Of(LeNetVariant.LeNet5), ArchitectureCost.Of(wider));
        Assert.Equal(2 * 6 * 25, own.Parameters - known.Parameters);
        Assert.Equal(2 * 6 * 25 * 28 * 28, own.MultiplyAccumulates - known.MultiplyAccumulates);
    }
}
