using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment of an <see cref="MLContext"/>: hosts and channels without a console.</summary>
internal sealed class LocalEnvironment : HostEnvironmentBase<LocalEnvironment>
{
    public LocalEnvironment(int? seed = null)
        : base(seed, verbose: false)
    {
    }

    protected override IHost RegisterCore(HostEnvironmentBase<LocalEnvironment> source, string shortName, string parentFullName, Random rand, bool verbose)
        => new Host(source, shortName, parentFullName, rand, verbose);

    protected override IChannel CreateCommChannel(ChannelProviderBase parent, string name)
        => new Channel(Root, parent, name, GetDispatchDelegate<ChannelMessage>());

    protected override IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name)
        => new Pipe<TMessage>(parent, name, GetDispatchDelegate<TMessage>());

    private sealed class Host(HostEnvironmentBase<LocalEnvironment> source, string shortName, string parentFullName, Random rand, bool verbose)
        : HostBase(source, shortName, parentFullName, rand, verbose)
    {
        protected override IHost RegisterCore(HostEnvironmentBase<LocalEnvironment> source, string shortName, string parentFullName, Random rand, bool verbose)
            => new Host(source, shortName, parentFullName, rand, verbose);

        protected override IChannel CreateCommChannel(ChannelProviderBase parent, string name)
            => new Channel(Root, parent, name, GetDispatchDelegate<ChannelMessage>());

        protected override IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name)
            => new Pipe<TMessage>(parent, name, GetDispatchDelegate<TMessage>());
    }

    /// <summary>A channel that says when it opened and how long it was open.</summary>
    private sealed class Channel : ChannelBase
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private bool _disposed;

        public Channel(LocalEnvironment root, ChannelProviderBase parent, string shortName, Action<IMessageSource, ChannelMessage> dispatch)
            : base(root, parent, shortName, dispatch) => Trace(MessageSensitivity.None, "Channel started");

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            _disposed = true;
            Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
            Trace(MessageSensitivity.None, "Channel disposed");
            base.Dispose(disposing);
        }
    }
}
