using Microsoft.ML.Data;

namespace CnnTrainers.Comparison;

/// <summary>One row of an experiment while it runs: what it is of, where it is, and what it has come to.</summary>
internal sealed class Trial
{
    private readonly TrialFolder _folder;

    public Trial(int number, TrialPlan? plan, ImageShape shape, bool isEnlarged, string name, ExperimentFolder folder)
    {
        (Number, Plan, Shape, IsEnlarged) = (number, plan, shape, isEnlarged);
        _folder = folder.Trial(number, name);
        Record = _folder.Read() ?? new TrialRecord { TrainerName = name, OptionsText = plan?.Text ?? "" };
    }

    private Trial(Trial trial, TrialRecord record)
    {
        (Number, Plan, Shape, IsEnlarged, _folder, Record) = (trial.Number, trial.Plan, trial.Shape, trial.IsEnlarged, trial._folder, record);
    }

    /// <summary>The same for another thread, where somebody else says that it is.</summary>
    public Trial At(TrialRecord record) => new(this, record);

    /// <summary>From 1.</summary>
    public int Number { get; }

    /// <summary>What is trained; null for the baseline.</summary>
    public TrialPlan? Plan { get; }

    /// <summary>The shape of its images.</summary>
    public ImageShape Shape { get; }

    /// <summary>Whether the images are larger than was asked for, as the architecture takes no smaller ones.</summary>
    public bool IsEnlarged { get; }

    /// <summary>Its files.</summary>
    public TrialFolder Folder => _folder;

    /// <summary>Where it is.</summary>
    public TrialRecord Record { get; private set; }

    /// <summary>What its model reaches; null without a model.</summary>
    public MulticlassClassificationMetrics? Metrics { get; set; }

    /// <summary>Why it failed.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether it has come to its end, well or not.</summary>
    public bool IsOver => Record.State is CnnTrialState.Finished or CnnTrialState.Failed;

    /// <summary>The last rung it has completed, from 0; -1 before the first.</summary>
    public int Rung => Record.Rungs.Count - 1;

    /// <summary>Keeps a new state, in memory and in the folder.</summary>
    public void Update(TrialRecord record)
    {
        Record = record;
        _folder.Write(record);
    }

    /// <summary>Takes over what another process has written.</summary>
    public void Take(TrialRecord record, MulticlassClassificationMetrics? metrics) => (Record, Metrics) = (record, metrics);

    /// <summary>Ends it as failed.</summary>
    public void Fail(Exception fault, double seconds)
    {
        Fault = fault;
        Update(Record with { State = CnnTrialState.Failed, Fault = fault.Message, Seconds = Record.Seconds + seconds });
        _folder.ClearCheckpoints();
    }

    /// <summary>The fault of an earlier run, of which only the message is left.</summary>
    public Exception? FaultOrMessage => Fault ?? (Record.Fault is { } message ? new InvalidOperationException(message) : null);
}
