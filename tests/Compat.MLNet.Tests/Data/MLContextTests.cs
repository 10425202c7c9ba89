using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Compat.MLNet.Tests.Data;

public sealed class MLContextTests
{
    [Fact]
    public void MessagesReachTheLogWithSourceAndKind()
    {
        var ml = new MLContext();
        var seen = new List<LoggingEventArgs>();
        ml.Log += (_, message) => seen.Add(message);
        using (var channel = ((IHostEnvironment)ml).Register("Trainer").Start("Training"))
            channel.Info(MessageSensitivity.None, "epoch {0}", 3);
        var info = Assert.Single(seen, message => message.Kind == ChannelMessageKind.Info);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 3", info.Message);
        Assert.Equal("epoch 3", info.RawMessage);
        Assert.Equal("Trainer; Training", info.Source);
    }

    [Fact]
    public void HostsOfOneSeedDrawTheSame()
    {
        int Draw(int? seed) => ((IHostEnvironment)new MLContext(seed)).Register("Part").Rand.Next();
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }

    [Fact]
    public void OptionsAreKeptByName()
    {
        var ml = new MLContext();
        ml.SetOption("a", 1);
        Assert.False(ml.TryAddOption("a", 2));
        Assert.True(ml.TryGetOption("a", out int value));
        Assert.Equal(1, value);
        Assert.True(ml.RemoveOption("a"));
        Assert.Equal(0, ml.GetOptionOrDefault<int>("a"));
    }

    [Fact]
    public void TheTemporaryFolderCanBeSet()
    {
        var ml = new MLContext();
        Assert.Equal(Path.GetTempPath(), ml.TempFilePath);
        ml.TempFilePath = "elsewhere";
        Assert.Equal("elsewhere", ml.TempFilePath);
    }
}
