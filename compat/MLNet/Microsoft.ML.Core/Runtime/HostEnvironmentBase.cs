using System.Collections.Concurrent;

namespace Microsoft.ML.Runtime;

/// <summary>The base of environments: hosts, channels, listeners, options and the component catalog, shared by a root and its hosts.</summary>
internal abstract partial class HostEnvironmentBase<TEnv> : ChannelProviderBase, IHostEnvironmentInternal, ICancelable
    where TEnv : HostEnvironmentBase<TEnv>
{
    protected readonly TEnv Root;
    protected readonly HostEnvironmentBase<TEnv> Master;
    protected readonly ConcurrentDictionary<Type, Dispatcher> ListenerDict;
    private readonly Random _rand;
    private readonly List<WeakReference<HostEnvironmentBase<TEnv>>> _hosts = [];
    private readonly object _lock = new();
    private readonly Dictionary<string, object> _options;
    private readonly ComponentCatalog _componentCatalog;

    protected HostEnvironmentBase(int? seed, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        Seed = seed;
        _rand = seed is null ? new Random() : new Random(seed.Value);
        Root = (TEnv)this;
        ListenerDict = new();
        _options = [];
        _componentCatalog = new();
    }

    protected HostEnvironmentBase(HostEnvironmentBase<TEnv> source, Random rand, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        Contracts.CheckValue(source, nameof(source));
        Contracts.CheckValue(rand, nameof(rand));
        Root = source.Root;
        Master = source;
        Seed = source.Seed;
        ListenerDict = source.ListenerDict;
        _options = source._options;
        _componentCatalog = source._componentCatalog;
        _rand = rand;
    }

    public int? Seed { get; }

    public int? GpuDeviceId { get => Master is null ? field : Root.GpuDeviceId; set { if (Master is null) field = value; else Root.GpuDeviceId = value; } }

    public bool FallbackToCpu { get => Master is null ? field : Root.FallbackToCpu; set { if (Master is null) field = value; else Root.FallbackToCpu = value; } } = true;

    public string TempFilePath { get => Master is null ? field : Root.TempFilePath; set { if (Master is null) field = value; else Root.TempFilePath = value; } } = Path.GetTempPath();

    public ComponentCatalog ComponentCatalog => _componentCatalog;

    public bool IsCanceled { get; protected set; }

    public override int Depth => 0;

    public override string ContextDescription => FullName ?? "HostEnvironment";

    protected Dictionary<string, object> Options => _options;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        IHost host;
        lock (_lock)
        {
            var rand = new Random(seed ?? _rand.Next());
            host = RegisterCore(this, name, Master is null ? null : FullName, rand, verbose ?? Verbose);
            if (host is HostEnvironmentBase<TEnv> child)
            {
                _hosts.RemoveAll(h => !h.TryGetTarget(out _));
                _hosts.Add(new(child));
                child.IsCanceled = IsCanceled;
            }
        }
        return host;
    }

    public IChannel Start(string name) => CreateCommChannel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => CreatePipe<TMessage>(this, name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return StartProgressChannelCore(this as HostBase, name);
    }

    void ICancelable.CancelExecution()
    {
        lock (_lock)
        {
            IsCanceled = true;
            foreach (WeakReference<HostEnvironmentBase<TEnv>> reference in _hosts)
                if (reference.TryGetTarget(out HostEnvironmentBase<TEnv> host))
                    ((ICancelable)host).CancelExecution();
        }
    }

    public void AddListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        EnsureDispatcher<TMessage>().AddListener(listenerFunc);
    }

    public void RemoveListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        EnsureDispatcher<TMessage>().RemoveListener(listenerFunc);
    }

    public override TException Process<TException>(TException ex) => Contracts.Mark(ex);

    public void SetOption<T>(string name, T value)
    {
        lock (_options)
            _options[name] = value;
    }

    public bool TryAddOption<T>(string name, T value)
    {
        lock (_options)
            return _options.TryAdd(name, value);
    }

    public bool TryGetOption<T>(string name, out T value)
    {
        lock (_options)
        {
            bool found = _options.TryGetValue(name, out object stored);
            value = found ? (T)stored : default;
            return found;
        }
    }

    public T GetOptionOrDefault<T>(string name) => TryGetOption(name, out T value) ? value : default;

    public bool RemoveOption(string name)
    {
        lock (_options)
            return _options.Remove(name);
    }

    protected abstract IHost RegisterCore(HostEnvironmentBase<TEnv> source, string shortName, string parentFullName, Random rand, bool verbose);

    protected abstract IChannel CreateCommChannel(ChannelProviderBase parent, string name);

    protected abstract IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name);

    protected virtual IProgressChannel StartProgressChannelCore(HostBase host, string name) => new SilentProgressChannel();

    protected Dispatcher<TMessage> EnsureDispatcher<TMessage>() =>
        (Dispatcher<TMessage>)ListenerDict.GetOrAdd(typeof(TMessage), _ => new Dispatcher<TMessage>());

    protected Action<IMessageSource, TMessage> GetDispatchDelegate<TMessage>() => EnsureDispatcher<TMessage>().Dispatch;
}
