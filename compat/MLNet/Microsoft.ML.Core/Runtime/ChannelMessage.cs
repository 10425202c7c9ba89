using System.Globalization;

namespace Microsoft.ML.Runtime;

/// <summary>How important a message is.</summary>
public enum ChannelMessageKind
{
    Trace = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
}

/// <summary>What of the user's a message may show.</summary>
[Flags]
public enum MessageSensitivity
{
    None = 0,
    UserData = 0x1,
    Schema = 0x2,
    Unknown = ~None,
    All = ~None,
}

/// <summary>One log message.</summary>
public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;
    public readonly MessageSensitivity Sensitivity;
    private readonly object[] _args;
    private readonly string _message;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string message)
        : this(kind, sensitivity, message, null)
    {
    }

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string fmt, params object[] args)
    {
        Contracts.CheckNonEmpty(fmt, nameof(fmt));
        Kind = kind;
        Sensitivity = sensitivity;
        _message = fmt;
        _args = args;
    }

    public string Message => _args is null ? _message : string.Format(CultureInfo.InvariantCulture, _message, _args);
}
