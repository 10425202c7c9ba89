using Microsoft.AspNetCore.Http;
using Microsoft.ML.Data;

namespace CnnTrainers.Cli.Serving;

/// <summary>From a request with images to the network's answers.</summary>
internal sealed class Scoring(ModelSlot slot, ScoringQueue queue, ServiceOptions options)
{
    // Decoding takes memory and a core for each image.
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount);

    /// <summary>Asks about the images of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="answer">Makes the answer of the model and what it said of each image.</param>
    /// <param name="className">The class whose evidence is asked for; null for the likeliest.</param>
    /// <exception cref="RequestProblem">It cannot be answered.</exception>
    public async Task<T> Ask<T>(HttpContext context, Question question, Func<ServedModel, IReadOnlyList<(RequestImage Image, ScoringJob Job)>, T> answer, string? className = null)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(options.Limits.Time);
        using RequestImages images = await Read(context, time.Token);
        if (question == Question.Evidence && images.All.Count > 1) throw RequestProblem.TooLarge("expected one image, as the answer is one picture.");
        var asked = new Asked(slot.Enter());
        try
        {
            Check(asked.Model, question, className);
            asked.Places = queue.Take(images.All.Count);
            foreach (RequestImage image in images.All) asked.Put(new ScoringJob(asked.Model, question, await Decode(asked.Model, image, time.Token), IndexOf(asked.Model, className), time.Token));
            await asked.Done.WaitAsync(time.Token);
            return answer(asked.Model, [.. images.All.Zip(asked.Jobs)]);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw RequestProblem.Busy(FormattableString.Invariant($"the answer took longer than {options.Limits.Time.TotalSeconds:0.#} s."), 1);
        }
        finally
        {
            time.Cancel(); // those that still wait are passed over
            asked.Release();
        }
    }

    private async Task<RequestImages> Read(HttpContext context, CancellationToken cancel)
    {
        try
        {
            return await RequestImages.Read(context.Request, options.Limits, cancel);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new RequestProblem(StatusCodes.Status408RequestTimeout, FormattableString.Invariant($"the request took longer than {options.Limits.Time.TotalSeconds:0.#} s to come."));
        }
    }

    private async Task<float[]> Decode(ServedModel model, RequestImage image, CancellationToken cancel)
    {
        await _decoding.WaitAsync(cancel);
        try
        {
            return model.Read(image, options.Limits.Pixels);
        }
        finally
        {
            _decoding.Release();
        }
    }

    private static void Check(ServedModel model, Question question, string? className)
    {
        if (question == Question.Features && !model.HasFeatures)
            throw new RequestProblem(StatusCodes.Status501NotImplemented, $"{model.Network.Architecture.Name} has no features: its last layer is no linear one and no convolution, or not all comes through it.");
        if (className is not null && IndexOf(model, className) is null)
            throw RequestProblem.Bad($"the model has no class '{className}'; GET /model names its classes.");
    }

    private static int? IndexOf(ServedModel model, string? className) => className is not null && model.Network.ClassNames.ToList().IndexOf(className) is >= 0 and var index ? index : null;

    /// <summary>What a request holds until all its images are answered or passed over, which may be after its own end.</summary>
    private sealed class Asked(ServedModel model)
    {
        public ServedModel Model => model;

        public List<ScoringJob> Jobs { get; } = [];

        public ScoringQueue.Places? Places { get; set; }

        public Task Done => Task.WhenAll(Jobs.Select(job => job.Done));

        public void Put(ScoringJob job)
        {
            Jobs.Add(job);
            Places!.Put(job);
        }

        public void Release()
        {
            Task done = Done;
            if (done.IsCompleted) Free();
            else done.ContinueWith(_ => Free(), TaskScheduler.Default);
        }

        private void Free()
        {
            foreach (ScoringJob job in Jobs)
            {
                _ = job.Done.Exception; // it was said, or nobody is there to hear it
                model.Return(job.Planes);
            }
            Places?.Dispose();
            model.Leave();
        }
    }
}
