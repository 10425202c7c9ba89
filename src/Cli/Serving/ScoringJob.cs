using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Serving;

/// <summary>What is asked of a network about one image.</summary>
internal enum Question
{
    /// <summary>The probabilities of the classes.</summary>
    Classes,

    /// <summary>What the last layer gets.</summary>
    Features,

    /// <summary>Where the evidence for a class is.</summary>
    Evidence,
}

/// <summary>An image that waits for the network.</summary>
/// <param name="model">Which model is to answer.</param>
/// <param name="question">What is asked.</param>
/// <param name="planes">The network's input.</param>
/// <param name="classIndex">The class whose evidence is asked for; null for the likeliest.</param>
/// <param name="cancel">Whether nobody waits for the answer any more.</param>
internal sealed class ScoringJob(ServedModel model, Question question, float[] planes, int? classIndex, CancellationToken cancel)
{
    // Whoever waits goes on elsewhere: the thread that scores has the next images to score.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedModel Model => model;

    public Question Question => question;

    public float[] Planes => planes;

    public CancellationToken Cancel => cancel;

    /// <summary>Ends when the answer is there, or with what went wrong.</summary>
    public Task Done => _done.Task;

    /// <summary>The probabilities or features.</summary>
    public float[] Numbers { get; private set; } = [];

    /// <summary>The evidence.</summary>
    public ActivationMap? Map { get; private set; }

    /// <summary>How many of its kind one thread takes by itself; 0 where all threads are needed for it.</summary>
    public int BatchOfThread => question == Question.Evidence ? 0 : model.BatchOfThread;

    /// <summary>Whether another one can be scored together with this one.</summary>
    public bool GoesWith(ScoringJob other) => model == other.Model && question == other.Question && question != Question.Evidence;

    /// <summary>Answers some that go together.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="memory">The calling thread's, to be used again.</param>
    public static void Answer(IReadOnlyList<ScoringJob> jobs, ref float[] memory)
    {
        try
        {
            ScoringJob first = jobs[0];
            if (first.Question == Question.Evidence)
            {
                first.Map = first.Model.Explain(first.Planes, first.ClassIndex);
            }
            else
            {
                float[][] numbers = first.Model.Score([.. jobs.Select(job => job.Planes)], first.Question == Question.Features, ref memory);
                for (int i = 0; i < numbers.Length; i++) jobs[i].Numbers = numbers[i];
            }
            foreach (ScoringJob job in jobs) job._done.TrySetResult();
        }
        catch (Exception e)
        {
            foreach (ScoringJob job in jobs) job._done.TrySetException(e);
        }
    }

    /// <summary>Passes over one that nobody waits for.</summary>
    public void PassOver() => _done.TrySetCanceled(cancel);

    private int? ClassIndex => classIndex;
}
