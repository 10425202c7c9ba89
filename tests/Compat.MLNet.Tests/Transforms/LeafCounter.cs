using Microsoft.ML.Transforms;

namespace Compat.MLNet.Tests.Transforms;

public sealed class LeafInput
{
    public string Name { get; set; }

    public float[] Leaves { get; set; } = [];
}

public sealed class LeafOutput
{
    public int Count { get; set; }

    public string Shout { get; set; }
}

/// <summary>A mapping that can be saved.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class LeafCounter : CustomMappingFactory<LeafInput, LeafOutput>
{
    public const string Contract = "leaf counter";

    public override Action<LeafInput, LeafOutput> GetMapping() => (input, output) =>
    {
        output.Count = input.Leaves.Length;
        output.Shout = input.Name.ToUpperInvariant();
    };
}
