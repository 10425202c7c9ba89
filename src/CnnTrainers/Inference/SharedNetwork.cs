using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Inference.Plan;
using CnnTrainers.Kernels;
using CnnTrainers.Persistence;
using CnnTrainers.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnTrainers.Inference;

/// <summary>
/// One network in eval mode under all that score with it: the transformer, its views, rows and cursors, on any thread. Its tensors, and what
/// was made of them to score with, live until it is disposed or parked, and never end under a running <see cref="Use"/>.
/// </summary>
/// <remarks>
/// Where libtorch is not there, the weights stay in managed memory and ONNX Runtime scores with them.
/// A PredictionEngine disposes its transformer by default, whoever else holds it. Such a transformer parks its network: the tensors are
/// freed at once, the weights stay in managed memory, and the next use builds the network again. So disposing frees what was asked to be
/// freed and breaks nobody; what is parked goes with the last object that refers to it. A network that nobody disposes goes when the garbage collector finds it,
/// which is told how large it is.
/// </remarks>
internal sealed class SharedNetwork : IDisposable
{
    private enum Fate { Live, Park, Dispose }

    private readonly Lock _gate = new();
    private readonly CnnModel _model;
    private nn.Module<Tensor, Tensor>? _network;
    private MemoryPressure? _pressure; // of its tensors
    private readonly Lock _planning = new();
    private readonly Dictionary<(CnnPrecision, ScoringPart), ScoringPlan?> _plans = [];
    private readonly Dictionary<ComputeDevice, nn.Module<Tensor, Tensor>> _onCards = [];
    private StoredWeights? _parked;
    private OnnxEngine? _engine;
    private byte[]? _graph;
    private bool _isGraphKnown;
    private int _users;
    private Fate _fate;

    /// <summary>Takes over a network with its weights.</summary>
    public SharedNetwork(CnnModel model, nn.Module<Tensor, Tensor> network) => (_model, _network, _pressure) = (model, Prepare(network), PressureOf(network));

    /// <summary>Takes weights, of which libtorch makes a network at the first use that needs one.</summary>
    /// <param name="model">The network's description.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="graph">Its graph, as <see cref="OnnxGraph"/> writes it; null where it has none.</param>
    public SharedNetwork(CnnModel model, StoredWeights weights, byte[]? graph) => (_model, _parked, Graph) = (model, weights, graph);

    /// <summary>The network's graph for ONNX Runtime, made where no file had it; null where it cannot be written so.</summary>
    public byte[]? Graph
    {
        get
        {
            lock (_planning)
            {
                if (!_isGraphKnown)
                    (_graph, _isGraphKnown) = (OnnxGraph.TryWrite(_model, this), true);
                return _graph;
            }
        }
        set => (_graph, _isGraphKnown) = (value, true);
    }

    /// <summary>A network of the model's shape whose weights are yet to be set.</summary>
    public static nn.Module<Tensor, Tensor> Build(CnnModel model)
    {
        var network = model.Architecture.CreateBlankNetwork(model.Shape, model.Classes.Count);
        // Out of the caller's dispose scope, if there is one, which would end the network with itself.
        foreach (var (_, value) in NetworkState.Entries(network))
            value.DetachFromDisposeScope();
        return network;
    }

    /// <summary>The network, kept until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Lease Use()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_fate == Fate.Dispose, typeof(CnnTransformer));
            _fate = Fate.Live;
            _users++;
            return new Lease(this);
        }
    }

    /// <summary>Another one with the same weights, for another description of the same network.</summary>
    public SharedNetwork For(CnnModel model)
    {
        using var use = Use();
        return _parked is { } weights ? new(model, weights, Graph) : new(model, Copy());
    }

    /// <summary>Writes the weights as a safetensors stream.</summary>
    public void WriteWeights(Stream stream)
    {
        using var use = Use();
        if (_parked is { } parked)
            SafeTensors.Write(stream, parked);
        else
            SafeTensors.Write(stream, NetworkState.Entries(use.Network));
    }

    /// <summary>
    /// A network of the caller's own with these weights, in eval mode: for work that hooks into modules or needs gradients, which other
    /// threads must not see. The caller disposes it.
    /// </summary>
    /// <param name="device">Where it is to be; null: in the processor's memory.</param>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public nn.Module<Tensor, Tensor> Copy(ComputeDevice? device = null)
    {
        using var use = Use();
        return CopyTo(device ?? ComputeDevice.Cpu, use.Network);
    }

    /// <summary>Frees the tensors; the next use brings them back.</summary>
    public void Park() => End(Fate.Park);

    /// <summary>Frees the tensors for good.</summary>
    public void Dispose() => End(Fate.Dispose);

    private void End(Fate fate)
    {
        lock (_gate)
        {
            _fate = _fate == Fate.Dispose ? Fate.Dispose : fate;
            if (_users == 0)
                Free();
        }
    }

    private void Release()
    {
        lock (_gate)
        {
            if (--_users == 0 && _fate != Fate.Live)
                Free();
        }
    }

    private void Free()
    {
        foreach (var plan in _plans.Values)
            plan?.Dispose();
        _plans.Clear();
        foreach (var network in _onCards.Values)
            network.Dispose();
        _onCards.Clear();
        _engine?.Dispose();
        _engine = null;
        if (_fate == Fate.Dispose)
            _parked = null;
        else if (_network is not null)
            _parked = StoredWeights.Of(_network);
        _network?.Dispose();
        _network = null;
        _pressure?.Dispose();
    }

    private nn.Module<Tensor, Tensor> Network()
    {
        lock (_gate)
            return _network ??= Revive();
    }

    // A copy, as weights leave this object from the processor's memory.
    private nn.Module<Tensor, Tensor> NetworkOn(ComputeDevice device)
    {
        var network = Network();
        if (!device.IsCard)
            return network;
        lock (_gate)
        {
            if (!_onCards.TryGetValue(device, out var there))
                _onCards.Add(device, there = CopyTo(device, network));
            return there;
        }
    }

    private nn.Module<Tensor, Tensor> CopyTo(ComputeDevice device, nn.Module<Tensor, Tensor> network)
    {
        using var noGrad = no_grad();
        var copy = Build(_model);
        using var scope = NewDisposeScope(); // each copy_ returns another owner of its tensor
        foreach (var (own, shared) in NetworkState.Entries(copy).Zip(NetworkState.Entries(network)))
            own.Value.copy_(shared.Value);
        device.Take(copy);
        return Prepare(copy);
    }

    private OnnxEngine Engine()
    {
        var graph = Graph ?? throw new InvalidOperationException($"ONNX Runtime cannot score with this network: {OnnxGraph.WhyNot(_model)}");
        lock (_gate)
            return _engine ??= OnnxEngine.Create(graph, _parked ?? StoredWeights.Of(_network!), _model);
    }

    // Made once for each precision and part, by the first user: recording the network hooks into its modules.
    private ScoringPlan? PlanFor(CnnPrecision precision, ScoringPart part, nn.Module<Tensor, Tensor> network)
    {
        lock (_planning)
        {
            if (!_plans.TryGetValue((precision, part), out var plan))
                _plans.Add((precision, part), plan = ScoringPlan.Of(network, _model.Shape, precision, _model.Architecture is CustomArchitecture, part));
            return plan;
        }
    }

    private nn.Module<Tensor, Tensor> Revive()
    {
        LibTorch.Require();
        var network = Build(_model);
        _parked!.CopyTo(network);
        _parked = null;
        _pressure = PressureOf(network);
        return Prepare(network);
    }

    private static MemoryPressure PressureOf(nn.Module network) => new(NetworkState.Entries(network).Sum(entry => entry.Value.numel() * entry.Value.element_size()));

    // Trained, loaded and revived networks lie alike in memory, so that they compute alike to the last bit.
    private static nn.Module<Tensor, Tensor> Prepare(nn.Module<Tensor, Tensor> network)
    {
        network.eval();
        MemoryLayout.ToChannelsLast(network);
        return network;
    }

    /// <summary>A claim on the network.</summary>
    internal readonly struct Lease(SharedNetwork owner) : IDisposable
    {
        /// <summary>The network in libtorch.</summary>
        /// <exception cref="InvalidOperationException">libtorch is not there.</exception>
        public nn.Module<Tensor, Tensor> Network => owner.Network();

        /// <summary>The network on a device.</summary>
        /// <exception cref="InvalidOperationException">libtorch is not there.</exception>
        public nn.Module<Tensor, Tensor> NetworkOn(ComputeDevice device) => owner.NetworkOn(device);

        /// <summary>The network in ONNX Runtime.</summary>
        /// <exception cref="InvalidOperationException">It has no graph, or ONNX Runtime does not take it.</exception>
        public OnnxEngine Engine => owner.Engine();

        /// <summary>The steps that compute the network in a precision; null where it has to run module by module.</summary>
        public ScoringPlan? PlanFor(CnnPrecision precision, ScoringPart part = ScoringPart.Logits) => owner.PlanFor(precision, part, Network);

        public void Dispose() => owner.Release();
    }
}
