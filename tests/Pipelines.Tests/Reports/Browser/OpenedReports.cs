using System.Diagnostics;
using System.Text.Json;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

/// <summary>
/// The sample reports, opened once in Chromium in each width and theme. The environment variable CNN_SCREENSHOTS names a folder for pictures.
/// </summary>
public sealed class OpenedReports : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly JsonElement _seen;

    public OpenedReports()
    {
        foreach (var (name, report) in All) HtmlReport.Write(PathOf(name), report);
        string? screenshots = Environment.GetEnvironmentVariable("CNN_SCREENSHOTS");
        _seen = Node.Run("inspect.mjs", [_folder.Path, .. screenshots is null ? Array.Empty<string>() : [screenshots]]);
    }

    /// <summary>The reports by their names.</summary>
    public static IReadOnlyDictionary<string, Report> All { get; } = new Dictionary<string, Report>
    {
        ["training"] = SampleReports.Training,
        ["comparison"] = SampleReports.Comparison,
        ["evaluation"] = SampleReports.EvaluationOnly,
        ["hostile"] = SampleReports.Hostile,
        ["smallest"] = SampleReports.Smallest,
        ["stopped"] = SampleReports.Stopped,
        ["large"] = SampleReports.Large,
    };

    /// <summary>The file of a report.</summary>
    public string PathOf(string name) => Path.Combine(_folder.Path, $"{name}.html");

    /// <summary>What was seen of a report.</summary>
    public JsonElement Of(string name) => _seen.GetProperty(name);

    /// <summary>What was seen of a report in each width and theme.</summary>
    public IEnumerable<JsonElement> Views(string name) => Of(name).GetProperty("views").EnumerateArray();

    public void Dispose() => _folder.Dispose();
}
