using CnnTrainers.Persistence;

namespace CnnTrainers.Tests.Persistence;

public sealed class KeptModelTests
{
    [Fact]
    public void Every_version_that_was_ever_written_still_gives_its_scores() => Assert.All(KeptModel.Folders, folder =>
    {
        var expected = KeptModel.Expected(folder);
        var actual = KeptModel.Answers(folder);

        Assert.Equal(expected.Select(answer => answer.PredictedLabel), actual.Select(answer => answer.PredictedLabel));
        foreach (var (wanted, got) in expected.SelectMany(answer => answer.Score).Zip(actual.SelectMany(answer => answer.Score)))
            Assert.InRange(Math.Abs(got - wanted) / wanted, 0, 1e-5);
    });

    [Fact]
    public void The_version_that_is_written_now_is_kept() =>
        Assert.Contains($"v{ModelDocument.CurrentVersion}", KeptModel.Folders.Select(Path.GetFileName));

    [Fact]
    public void Every_kept_file_can_be_inspected() => Assert.All(KeptModel.Folders, folder =>
    {
        var report = ModelFileReport.Read(Path.Combine(folder, "model.zip"));

        Assert.Empty(report.Faults);
        Assert.Equal($"v{report.Parts.Single(part => part.Network is not null).Network!.Version}", Path.GetFileName(folder));
    });

    [Fact]
    public void A_kept_file_is_small() => Assert.All(KeptModel.Folders, folder => Assert.InRange(new FileInfo(Path.Combine(folder, "model.zip")).Length, 1, 100_000));
}
