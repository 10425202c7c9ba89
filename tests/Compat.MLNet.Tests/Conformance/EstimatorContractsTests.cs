using System.Reflection;
using Compat.Conformance;

namespace Compat.MLNet.Tests.Conformance;

public sealed class EstimatorContractsTests
{
    [Fact]
    public void EveryEstimatorHasAContractTest()
    {
        Assembly[] compat = [.. Directory.GetFiles(AppContext.BaseDirectory, "Microsoft.ML.*.dll").Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)))];
        Assert.InRange(ContractCheck.Estimators(compat).Count(), 18, int.MaxValue);
        Assert.Empty(ContractCheck.WithoutContract(typeof(EstimatorContractsTests).Assembly, compat));
    }
}
