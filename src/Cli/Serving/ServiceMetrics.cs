using System.Diagnostics;
using Prometheus;

namespace CnnTrainers.Cli.Serving;

/// <summary>What a service counts, in Prometheus' text format.</summary>
internal sealed class ServiceMetrics
{
    private static readonly double[] _seconds = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _requests, _images, _scoring, _reloads;
    private readonly Histogram _latency, _batches;
    private readonly Gauge _queue, _model, _stale, _memory, _started;
    private double _imagesPerSecond;

    public ServiceMetrics()
    {
        MetricFactory make = Metrics.WithCustomRegistry(_registry);
        _requests = make.CreateCounter("cnn_requests_total", "Requests that were answered.", "endpoint", "status");
        _latency = make.CreateHistogram("cnn_request_seconds", "Time from a request's head to the end of its answer.", ["endpoint"], new HistogramConfiguration { Buckets = _seconds });
        _images = make.CreateCounter("cnn_images_total", "Images that went through the network.");
        _scoring = make.CreateCounter("cnn_scoring_seconds_total", "Time that the network took for them.");
        _batches = make.CreateHistogram("cnn_batch_images", "Images that were scored together.", new HistogramConfiguration { Buckets = [1, 2, 4, 8, 16, 32, 64] });
        _queue = make.CreateGauge("cnn_queue_images", "Images that are decoded, wait or are scored now.");
        _reloads = make.CreateCounter("cnn_model_loads_total", "Loads of a changed model file.", "result");
        _model = make.CreateGauge("cnn_model_info", "1 for the model that answers.", "model", "architecture");
        _stale = make.CreateGauge("cnn_model_stale", "1 while the model file has changed and does not load, so that the model before it answers.");
        _memory = make.CreateGauge("process_resident_memory_bytes", "Memory that is resident.");
        _started = make.CreateGauge("process_start_time_seconds", "When the process began, in seconds since 1970.");
        using Process own = Process.GetCurrentProcess();
        _started.Set(new DateTimeOffset(own.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        _registry.AddBeforeCollectCallback(() => _memory.Set(Environment.WorkingSet));
    }

    /// <summary>How fast the network was of late; 0 before the first image.</summary>
    public double ImagesPerSecond => Volatile.Read(ref _imagesPerSecond);

    /// <summary>Counts an answer.</summary>
    public void Answered(string endpoint, int status, TimeSpan time)
    {
        _requests.WithLabels(endpoint, $"{status}").Inc();
        _latency.WithLabels(endpoint).Observe(time.TotalSeconds);
    }

    /// <summary>Counts images that were scored together.</summary>
    public void Scored(int images, TimeSpan time)
    {
        const double Weight = 0.1; // of the newest in the mean
        _images.Inc(images);
        _scoring.Inc(time.TotalSeconds);
        _batches.Observe(images);
        double rate = images / Math.Max(time.TotalSeconds, 1e-6);
        Volatile.Write(ref _imagesPerSecond, _imagesPerSecond == 0 ? rate : (1 - Weight) * _imagesPerSecond + Weight * rate);
    }

    /// <summary>Says which model answers.</summary>
    public void Serves(ServedModel model)
    {
        foreach (string[] labels in _model.GetAllLabelValues()) _model.RemoveLabelled(labels);
        _model.WithLabels(model.Id, model.Network.Architecture.Name).Set(1);
    }

    /// <summary>Counts a load of a changed file.</summary>
    public void Loaded(bool well)
    {
        _reloads.WithLabels(well ? "well" : "failed").Inc();
        _stale.Set(well ? 0 : 1);
    }

    /// <summary>Writes all of it.</summary>
    public async Task Write(Stream to, int queued, CancellationToken cancel)
    {
        _queue.Set(queued);
        await _registry.CollectAndExportAsTextAsync(to, cancel);
    }
}
