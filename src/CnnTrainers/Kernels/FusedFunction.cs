using static TorchSharp.torch;

namespace CnnTrainers.Kernels;

/// <summary>What the autograd functions of this folder share: TorchSharp's, with their tensors let go as early as can be, and no exception that
/// leaves a backward, where libtorch's frames lie between and the process would end.</summary>
/// <typeparam name="T">The function itself.</typeparam>
/// <typeparam name="TSettings">What it is given beside tensors.</typeparam>
internal abstract class FusedFunction<T, TSettings> : autograd.MultiTensorFunction<T>
    where T : FusedFunction<T, TSettings>, new()
    where TSettings : notnull
{
    private const string Call = "call";

    private sealed record Given(TSettings Settings, bool[] IsThere, bool[] IsWanted);

    /// <inheritdoc/>
    public override string Name => typeof(T).Name;

    /// <summary>Computes it.</summary>
    /// <param name="inputs">The tensors that it is applied to, null where there is none.</param>
    /// <param name="settings">What else it was given.</param>
    /// <returns>The outputs, and what is kept for the gradients: new tensors and inputs.</returns>
    protected abstract (List<Tensor> Outputs, List<Tensor> Kept) Compute(Tensor?[] inputs, TSettings settings);

    /// <summary>The gradients of the inputs, null where there is none.</summary>
    /// <param name="outputs">Those of the outputs, null where nothing came back.</param>
    /// <param name="kept">What was kept.</param>
    /// <param name="settings">As given.</param>
    /// <param name="wanted">Which inputs want one.</param>
    protected abstract Tensor?[] Gradients(Tensor?[] outputs, List<Tensor> kept, TSettings settings, bool[] wanted);

    /// <summary>The same, by libtorch's own operators, so that they can be differentiated again.</summary>
    protected abstract Tensor?[] DifferentiableGradients(Tensor?[] outputs, List<Tensor> kept, TSettings settings, bool[] wanted);

    /// <summary>Applies it to tensors; the outputs are in the caller's dispose scope.</summary>
    protected static List<Tensor> Apply(TSettings settings, params Tensor?[] inputs)
    {
        using var scope = NewDisposeScope(); // TorchSharp's node allocates an empty tensor for each output, which nobody needs
        var given = new Given(settings, [.. inputs.Select(input => input is not null)], [.. inputs.Select(input => input?.requires_grad == true)]);
        var outputs = apply([given, .. inputs]);
        outputs.ForEach(output => output.MoveToOuterDisposeScope());
        return outputs;
    }

    /// <summary>Of two gradients, of which there may be one or none.</summary>
    protected static Tensor? Sum(Tensor? first, Tensor? more) => first is null || more is null ? first ?? more : first + more;

    /// <summary>Gradients by libtorch, which can be differentiated again.</summary>
    /// <param name="output">Computed from the inputs by libtorch's operators.</param>
    /// <param name="gradient">That of the output.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="wanted">Which of them want a gradient.</param>
    protected static Tensor?[] Differentiate(Tensor output, Tensor gradient, Tensor[] inputs, bool[] wanted)
    {
        Tensor[] those = [.. inputs.Where((_, i) => wanted[i])];
        var found = new Queue<Tensor>(autograd.grad([output], those, [gradient], retain_graph: true, create_graph: true, allow_unused: true));
        return [.. inputs.Select((_, i) => wanted[i] ? found.Dequeue() : null)];
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var given = (Given)vars[0];
        var (outputs, kept) = Compute([.. vars.Skip(1).Cast<Tensor?>()], given.Settings);
        ctx.save_for_backward(kept);
        ctx.save_data(Call, given);
        ctx.set_materialize_grads(false);
        return outputs;
    }

    /// <inheritdoc/>
    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        BackwardPass.FreeHandedOver();
        var given = (Given)ctx.get_data(Call);
        try
        {
            return [null!, .. GradientsOf(ctx, grad_outputs, given)]; // the settings have none
        }
        catch (Exception e)
        {
            return [null!, .. given.IsThere.Select(isThere => isThere ? BackwardPass.Refused(e) : null!)];
        }
    }

    private IEnumerable<Tensor> GradientsOf(autograd.AutogradContext ctx, List<Tensor> incoming, Given given)
    {
        using var scope = NewDisposeScope();
        var again = is_grad_enabled();
        var kept = ctx.get_saved_variables();
        Tensor?[] outputs = [.. incoming.Select(gradient => gradient.IsInvalid ? null : gradient)];
        var gradients = again ? DifferentiableGradients(outputs, kept, given.Settings, given.IsWanted) : Gradients(outputs, kept, given.Settings, given.IsWanted);
        foreach (var gradient in gradients.Except(outputs))
            gradient?.MoveToOuterDisposeScope();
        if (again)
            return gradients!;
        foreach (var gradient in outputs.Except(gradients))
            gradient?.Dispose();
        BackwardPass.HandOver(gradients);
        if (BackwardPass.IsOnlyOne)
            ctx.Dispose(); // what was kept
        return gradients!;
    }
}
