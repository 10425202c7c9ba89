namespace Microsoft.ML.Runtime;

/// <summary>Sees every exception before it is thrown.</summary>
public interface IExceptionContext
{
    string ContextDescription { get; }

    TException Process<TException>(TException ex) where TException : Exception;
}

/// <summary>Opens channels for messages.</summary>
public interface IChannelProvider : IExceptionContext
{
    IChannel Start(string name);

    IPipe<TMessage> StartPipe<TMessage>(string name);
}

/// <summary>Where components live: channels, the catalog of loadable classes, and hosts for components.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component, with its own random numbers.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}

/// <summary>Carries messages of one type to listeners.</summary>
public interface IPipe<TMessage> : IExceptionContext, IDisposable
{
    void Send(TMessage msg);
}

/// <summary>Carries log messages; disposing it ends the activity it stands for.</summary>
public interface IChannel : IPipe<ChannelMessage>
{
    void Trace(MessageSensitivity sensitivity, string fmt);

    void Trace(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Info(MessageSensitivity sensitivity, string fmt);

    void Info(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Warning(MessageSensitivity sensitivity, string fmt);

    void Warning(MessageSensitivity sensitivity, string fmt, params object[] args);

    void Error(MessageSensitivity sensitivity, string fmt);

    void Error(MessageSensitivity sensitivity, string fmt, params object[] args);
}

/// <summary>Who sent a message.</summary>
internal interface IMessageSource
{
    string ShortName { get; }

    string FullName { get; }

    bool Verbose { get; }
}

/// <summary>Work that can be told to stop; see <see cref="Contracts.CheckAlive"/>.</summary>
internal interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}

/// <summary>What ML.NET's own environments offer beyond the public interface.</summary>
internal interface IHostEnvironmentInternal : IHostEnvironment
{
    int? Seed { get; }

    int? GpuDeviceId { get; set; }

    bool FallbackToCpu { get; set; }

    string TempFilePath { get; set; }

    void SetOption<T>(string name, T value);

    bool TryAddOption<T>(string name, T value);

    bool TryGetOption<T>(string name, out T value);

    T GetOptionOrDefault<T>(string name);

    bool RemoveOption(string name);
}
