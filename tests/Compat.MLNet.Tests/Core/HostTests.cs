using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace Compat.MLNet.Tests.Core;

public sealed class HostTests
{
    [Fact]
    public void ASeededEnvironmentGivesTheSameNumbersToTheSameHosts()
    {
        int[] Draw()
        {
            IHostEnvironment env = new MLContext(seed: 3);
            IHost first = env.Register("first");
            return [first.Rand.Next(), env.Register("second").Rand.Next(), first.Register("inner").Rand.Next()];
        }
        Assert.Equal(Draw(), Draw());
        Assert.Equal(3, Draw().Distinct().Count());
    }

    [Fact]
    public void MessagesOfAHostsChannelReachTheLogOfTheContext()
    {
        var context = new MLContext();
        var messages = new List<string>();
        context.Log += (_, e) =>
        {
            if (e.Kind != ChannelMessageKind.Trace)
                messages.Add($"{e.Kind} {e.RawMessage} {e.Source}");
        };
        using (IChannel channel = ((IHostEnvironment)context).Register("Trainer").Start("Epoch"))
        {
            channel.Info(MessageSensitivity.None, "{0} of {1}", 1, 2);
            channel.Warning(MessageSensitivity.None, "careful {0}");
        }
        Assert.Equal(["Info 1 of 2 Trainer; Epoch", "Warning careful {0} Trainer; Epoch"], messages);
    }

    [Fact]
    public void OptionsAreSharedWithHosts()
    {
        var context = new MLContext { TempFilePath = "/somewhere" };
        context.SetOption("n", 4);
        var host = (IHostEnvironmentInternal)((IHostEnvironment)context).Register("host");
        Assert.Equal(4, host.GetOptionOrDefault<int>("n"));
        Assert.Equal("/somewhere", host.TempFilePath);
        Assert.True(context.RemoveOption("n"));
        Assert.False(host.TryGetOption("n", out int _));
    }

    [Fact]
    public void CancellingReachesTheHosts()
    {
        IHost host = ((IHostEnvironment)new MLContext()).Register("host");
        IHost inner = host.Register("inner");
        inner.CheckAlive();
        ((ICancelable)host).CancelExecution();
        Assert.Throws<OperationCanceledException>(inner.CheckAlive);
        Assert.Throws<OperationCanceledException>(() => host.Register("later").CheckAlive());
    }
}
