using CnnTrainers.Tests.Estimators;
using Microsoft.ML;

namespace CnnTrainers.Tests.Persistence;

/// <summary>Damaged model files: a network loads to the same answers or is refused.</summary>
public sealed class FuzzTests
{
    private const string Network = "TransformerChain/Transform_001/";
    private readonly MLContext _ml = Toy.Trained.Ml;

    // Of the network's part alone: how the rest is read is ML.NET's affair.
    [Fact]
    public void A_damaged_network_is_refused_or_loads()
    {
        var file = Saved(out var rows);
        byte[] Whole(byte[] part) => ZipText.Pack(ZipText.Unpack(file).Where(entry => !entry.Name.StartsWith(Network, StringComparison.Ordinal)).Concat(ZipText.Unpack(part)));
        var part = ZipText.Pack(ZipText.Unpack(file).Where(entry => entry.Name is Network + "Model.json" or Network + "Weights.safetensors"));
        var key = ZipText.Unpack(file).Single(entry => entry.Name == Network + "Model.key");

        var faults = FuzzRun.Faults([part], FuzzRun.Times(500), damaged => Score([.. Whole(WithKey(damaged, key))], rows), IsExpected, sameAnswers: false, outer: false);

        Assert.True(faults.Length == 0, faults);
    }

    private static byte[] WithKey(byte[] part, (string, byte[]) key) => ZipText.Pack([key, .. ZipText.Unpack(part).DistinctBy(entry => entry.Name)]);

    private string Score(byte[] file, IDataView rows)
    {
        var model = new MLContext().Model.Load(new MemoryStream(file), out _);
        using var network = Toy.CnnOf(model);
        return string.Join(' ', Toy.Scores(model, rows));
    }

    private static bool IsExpected(Exception exception) => exception switch
    {
        System.Reflection.TargetInvocationException { InnerException: { } inner } => IsExpected(inner),
        InvalidDataException => true,
        // The columns' names in Model.json are other ones now, or the shape is.
        ArgumentOutOfRangeException schema => schema.Message.Contains("chema mismatch"),
        _ => false,
    };

    private byte[] Saved(out IDataView rows)
    {
        rows = Toy.Rows(_ml, 2, seed: 3);
        using var stream = new MemoryStream();
        _ml.Model.Save(Toy.Trained.Model, rows.Schema, stream);
        return stream.ToArray();
    }
}
