namespace Microsoft.ML.Runtime;

internal abstract partial class HostEnvironmentBase<TEnv>
{
    /// <summary>A component's environment.</summary>
    public abstract class HostBase : HostEnvironmentBase<TEnv>, IHost
    {
        public HostBase(HostEnvironmentBase<TEnv> source, string shortName, string parentFullName, Random rand, bool verbose)
            : base(source, rand, verbose, shortName, parentFullName) => Depth = source.Depth + 1;

        public override int Depth { get; }

        public Random Rand => _rand;
    }

    /// <summary>Carries messages from one source to the listeners.</summary>
    protected abstract class PipeBase<TMessage> : ChannelProviderBase, IPipe<TMessage>, IMessageSource
    {
        public readonly ChannelProviderBase Parent;
        protected readonly Action<IMessageSource, TMessage> Dispatch;

        protected PipeBase(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
            : base(shortName, parent.FullName, parent.Verbose)
        {
            Contracts.CheckValue(dispatch, nameof(dispatch));
            Parent = parent;
            Dispatch = dispatch;
        }

        public override int Depth => Parent.Depth + 1;

        public void Send(TMessage msg) => Dispatch(this, msg);

        public override TException Process<TException>(TException ex) => Parent.Process(ex);

        public void Dispose() => Dispose(true);

        protected virtual void Dispose(bool disposing)
        {
        }
    }

    protected sealed class Pipe<TMessage> : PipeBase<TMessage>
    {
        public Pipe(ChannelProviderBase parent, string shortName, Action<IMessageSource, TMessage> dispatch)
            : base(parent, shortName, dispatch)
        {
        }
    }

    /// <summary>Sends log messages.</summary>
    protected abstract class ChannelBase : PipeBase<ChannelMessage>, IChannel
    {
        protected readonly TEnv Root;

        protected ChannelBase(TEnv root, ChannelProviderBase parent, string shortName, Action<IMessageSource, ChannelMessage> dispatch)
            : base(parent, shortName, dispatch) => Root = root;

        public void Trace(MessageSensitivity sensitivity, string msg) => Send(new(ChannelMessageKind.Trace, sensitivity, msg));

        public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

        public void Info(MessageSensitivity sensitivity, string msg) => Send(new(ChannelMessageKind.Info, sensitivity, msg));

        public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

        public void Warning(MessageSensitivity sensitivity, string msg) => Send(new(ChannelMessageKind.Warning, sensitivity, msg));

        public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

        public void Error(MessageSensitivity sensitivity, string msg) => Send(new(ChannelMessageKind.Error, sensitivity, msg));

        public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));
    }

    protected abstract class Dispatcher
    {
        protected Dispatcher()
        {
        }
    }

    /// <summary>The listeners to one type of message.</summary>
    protected sealed class Dispatcher<TMessage> : Dispatcher
    {
        private Action<IMessageSource, TMessage> _listeners;

        public Dispatcher() => Dispatch = (source, message) => Volatile.Read(ref _listeners)?.Invoke(source, message);

        public Action<IMessageSource, TMessage> Dispatch { get; }

        public void AddListener(Action<IMessageSource, TMessage> listenerFunc)
        {
            lock (this)
                _listeners += listenerFunc;
        }

        public void RemoveListener(Action<IMessageSource, TMessage> listenerFunc)
        {
            lock (this)
                _listeners -= listenerFunc;
        }
    }
}
