using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>
/// Images whose channels grow, as those of a dense block do. In training their memory has room for all channels to come, and what norms want
/// to know of a channel is measured once, when it is put in. Nothing may change the images in place.
/// </summary>
internal sealed class Concatenation : IDisposable
{
    private static readonly ConditionalWeakTable<Tensor, Concatenation> _of = [];
    private readonly long _channels;
    private ChannelMoments? _moments; // of All, where it has been put together here
    private Tensor? _throughNorm;
    private bool _ended;

    /// <summary>Begins with some images.</summary>
    /// <param name="x">They.</param>
    /// <param name="channels">How many channels it will have in the end.</param>
    public Concatenation(Tensor x, long channels)
    {
        (All, _channels) = (x, channels);
        _of.AddOrUpdate(x, this);
    }

    /// <summary>What there is so far.</summary>
    public Tensor All { get; private set; }

    /// <summary>The concatenation that some images are all of, if any.</summary>
    public static Concatenation? Of(Tensor x) => _of.TryGetValue(x, out var one) && ReferenceEquals(one.All, x) ? one : null;

    /// <summary>Its moments, where they are known.</summary>
    public ChannelMoments? Moments => _moments;

    /// <summary>Whether more may come.</summary>
    public bool Grows => !_ended;

    /// <summary>Puts more channels behind the others.</summary>
    public void Append(Tensor more)
    {
        if (!KernelLibrary.IsInstalled || !is_grad_enabled() || Native.cnn_append_suits(All.Handle, more.Handle, _channels) == 0)
        {
            Become(cat([All, more], 1), null);
            return;
        }
        var (used, added) = (All.shape[1], more.shape[1]);
        var moments = _moments;
        if (moments is null || !moments.Claim(used, added))
        {
            // Rows of bfloat16 are short, and reading them with long gaps between takes longer than copying them now and then to where the
            // gaps are shorter: measured on DenseNet-121.
            moments = new ChannelMoments(more.dtype == ScalarType.Float32 ? _channels : Math.Min(_channels, (used + added) * 3 / 2));
            moments.Claim(0, used + added);
        }
        Become(AppendFunction.Apply(_throughNorm ?? All, more, new(used, moments, _moments)), moments);
    }

    /// <summary>The images once more, as a norm that reads them gives them on: what comes next continues those, so that the norm can add its
    /// gradient to theirs.</summary>
    public void GoOnFrom(Tensor throughNorm) => _throughNorm = throughNorm.DetachFromDisposeScope();

    /// <summary>Ends it. The images stay their scope's.</summary>
    public void Dispose()
    {
        _throughNorm?.Dispose();
        (_throughNorm, _ended) = (null, true);
    }

    private void Become(Tensor all, ChannelMoments? moments)
    {
        _throughNorm?.Dispose();
        (All, _moments, _throughNorm) = (all, moments, null);
        _of.Add(all, this);
    }
}
