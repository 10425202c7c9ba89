namespace CnnTrainers.Serving.Tests;

/// <summary>examples/05-WebService, run as a program whose model file changes.</summary>
public sealed class WebReloadTests : IDisposable
{
    private const string Failed = "does not load; the one before goes on";
    private readonly WebProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task AFileThatIsWrittenInPlaceIsServed()
    {
        await _program.WaitFor(SmallModels.First);
        File.WriteAllBytes(_program.ModelPath, SmallModels.Second.File);
        await _program.WaitFor(SmallModels.Second);
        _program.RenameIntoPlace(SmallModels.First.File);
        await _program.WaitFor(SmallModels.First);
        Assert.DoesNotContain(Failed, _program.Output);
    }

    [Fact]
    public async Task ABrokenOrMissingFileKeepsTheOldModel()
    {
        foreach (Action damage in new Action[] { WriteHalf, () => _program.RenameIntoPlace(SmallModels.OfOtherColumns()), () => File.Delete(_program.ModelPath) })
        {
            int before = Failures();
            damage();
            Wait.Until(() => Failures() > before, "an error in the log");
            Assert.Equal(SmallModels.First.Scores[0], (await _program.Ask(0)).Score);
        }
        Assert.Equal(3, Failures());
        _program.RenameIntoPlace(SmallModels.Second.File);
        await _program.WaitFor(SmallModels.Second);
    }

    [Fact]
    public async Task NoRequestIsLostWhileTheFileChanges()
    {
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(client => Task.Run(() => AskUntil(stop.Token, client))).ToList();
        foreach (var model in new[] { SmallModels.Second, SmallModels.First, SmallModels.Second })
        {
            _program.RenameIntoPlace(model.File);
            await _program.WaitFor(model);
        }
        stop.Cancel();
        Assert.All(await Task.WhenAll(clients), count => Assert.True(count > 10));
    }

    private async Task<int> AskUntil(CancellationToken stop, int picture)
    {
        int count = 0;
        for (; !stop.IsCancellationRequested; count++)
        {
            float[] score = (await _program.Ask(picture)).Score;
            Assert.True(SmallModels.First.Says(picture, score) || SmallModels.Second.Says(picture, score), "a score of neither model");
        }
        return count;
    }

    private void WriteHalf() => File.WriteAllBytes(_program.ModelPath, SmallModels.Second.File[..(SmallModels.Second.File.Length / 2)]);

    private int Failures() => _program.Output.Split(Failed).Length - 1;
}
