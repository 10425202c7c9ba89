using System.Diagnostics;
using CnnTrainers.Architectures;
using CnnTrainers.Devices;
using CnnTrainers.Distributed;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Seconds since it was made, and those counted before.</summary>
internal sealed class Clock(double before = 0)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    /// <summary>The time so far.</summary>
    public double Seconds => before + Stopwatch.GetElapsedTime(_started).TotalSeconds;
}

/// <summary>
/// All that changes while a fit runs, and nothing else: what a checkpoint holds. Everything random comes from seed, epoch and image, or from
/// the generator in here.
/// </summary>
internal sealed class TrainingState(
    nn.Module network, OptimizerSteps optimizer, WeightAverage? average, BestWeights best, RateControl rates, Generator generator, int classes,
    ComputeDevice device, LossScale? scale, Ranks ranks) : IDisposable
{
    /// <summary>The epoch under way, from 1.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>Batches of it that are done.</summary>
    public int Batch { get; set; }

    /// <summary>Steps done since the fit began.</summary>
    public long Step { get; set; }

    /// <summary>The last step's factor of the learning rate.</summary>
    public double RateFactor { get; set; }

    /// <summary>What the epoch has counted.</summary>
    public Tally Tally { get; private set; } = new(classes, device);

    /// <summary>The metrics of every completed epoch.</summary>
    public List<EpochMetrics> History { get; } = [];

    /// <summary>Time of the fit.</summary>
    public Clock Clock { get; private set; } = new();

    /// <summary>Time of the epoch under way.</summary>
    public Clock EpochClock { get; private set; } = new();

    /// <summary>After an epoch's last step: takes what all processes have counted, and the means of what their norms keep.</summary>
    public void JoinEpoch()
    {
        if (ranks.IsAlone)
            return;
        var joint = Tally.Joint(ranks);
        Tally.Dispose();
        Tally = new(joint, device);
        JoinKept();
    }

    /// <summary>Takes the means of what the processes' norms keep.</summary>
    public void JoinKept()
    {
        JointState.Average(JointState.Kept(network), ranks);
        if (average is not null)
            JointState.Average(average.Kept, ranks);
    }

    /// <summary>Begins the next epoch.</summary>
    public void NextEpoch(EpochMetrics ended)
    {
        History.Add(ended);
        Tally.Dispose();
        (Epoch, Batch, Tally, EpochClock) = (Epoch + 1, 0, new(classes, device), new());
    }

    /// <inheritdoc/>
    public void Dispose() => Tally.Dispose();

    /// <summary>The tensors of a checkpoint. Those without an owner go with the caller's dispose scope.</summary>
    public IEnumerable<(string Name, Tensor Value)> Tensors(Tensor random)
    {
        foreach (var (name, value) in NetworkState.Entries(network))
            yield return ($"network.{name}", value);
        foreach (var (name, value) in optimizer.State)
            yield return ($"optimizer.{name}", value);
        foreach (var (name, value) in average?.State ?? [])
            yield return ($"average.{name}", value);
        foreach (var (name, value) in best.State)
            yield return ($"best.{name}", value);
        foreach (var (name, value) in scale?.State ?? [])
            yield return ($"loss_scale.{name}", value);
        yield return ("generator", random);
    }

    /// <summary>Writes a checkpoint of the state now; of processes that share the fit, the first does.</summary>
    public void Save(CheckpointStore store, IReadOnlyDictionary<string, string> fit, int seed)
    {
        using var noGrad = no_grad();
        JoinKept();
        var tally = Tally.Joint(ranks);
        if (!ranks.IsFirst)
            return;
        using var random = generator.get_state();
        var content = new Checkpoint
        {
            Fit = fit, Seed = seed, Threads = get_num_threads(), Epoch = Epoch, Batch = Batch, Step = Step, RateFactor = RateFactor, Plateau = rates.State,
            Tally = tally, Best = best.Best, AverageCount = average?.Count ?? 0, OptimizerCount = optimizer.Count,
            Seconds = Clock.Seconds, EpochSeconds = EpochClock.Seconds, History = History,
        };
        store.Write(content, Tensors(random));
    }

    /// <summary>Takes up the state of a checkpoint of the same fit.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="changing">The module whose state the best weights are.</param>
    /// <exception cref="InvalidDataException">Its tensors are others.</exception>
    public void Restore(CheckpointFile file, nn.Module changing)
    {
        var from = file.Content;
        best.Resume(changing, from.Best);
        using var random = generator.get_state();
        if (ranks.IsFirst)
            file.ReadInto(Tensors(random));
        JointState.Broadcast(Tensors(random).Select(tensor => tensor.Value), ranks);
        generator.set_state(random);
        (Epoch, Batch, Step, RateFactor, Tally) = (from.Epoch, from.Batch, from.Step, from.RateFactor, new(ranks.IsFirst ? from.Tally : from.Tally with { Loss = 0, Correct = new long[classes], Images = new long[classes] }, device));
        (rates.State, optimizer.Count) = (from.Plateau, from.OptimizerCount);
        if (average is not null)
            average.Count = from.AverageCount;
        History.AddRange(from.History);
        (Clock, EpochClock) = (new(from.Seconds), new(from.EpochSeconds));
    }
}
