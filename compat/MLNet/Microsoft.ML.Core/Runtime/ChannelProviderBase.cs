namespace Microsoft.ML.Runtime;

/// <summary>A named place in the tree of environments, hosts and channels.</summary>
internal abstract class ChannelProviderBase : IExceptionContext
{
    protected ChannelProviderBase(string shortName, string parentFullName, bool verbose)
    {
        ShortName = shortName;
        ParentFullName = parentFullName;
        Verbose = verbose;
        FullName = string.IsNullOrEmpty(parentFullName) ? shortName : $"{parentFullName}; {shortName}";
    }

    public abstract int Depth { get; }

    public string ShortName { get; }

    public string ParentFullName { get; }

    public string FullName { get; }

    public bool Verbose { get; }

    public virtual string ContextDescription => FullName;

    public virtual TException Process<TException>(TException ex) where TException : Exception => Contracts.Mark(ex);
}
