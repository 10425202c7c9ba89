using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML;

namespace Microsoft.Extensions.ML;

/// <summary>The options of all pools.</summary>
public class MLOptions
{
    public MLOptions()
    {
    }

    /// <summary>Loads the models and makes the engines; a new one unless it is set.</summary>
    public MLContext MLContext
    {
        get => field ??= new MLContext();
        set;
    }
}

/// <summary>Passes the context's messages on to the application's log.</summary>
internal sealed class ForwardLog(ILogger<MLContext> logger) : IPostConfigureOptions<MLOptions>
{
    public void PostConfigure(string name, MLOptions options) => options.MLContext.Log += (_, e) => logger.LogTrace("{Message}", e.Message);
}
