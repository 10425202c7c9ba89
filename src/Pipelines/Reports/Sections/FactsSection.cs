namespace CnnTrainers.Pipelines.Reports;

/// <summary>The settings, the versions, and the command that repeats the run.</summary>
internal static class FactsSection
{
    /// <summary>The section, or null where nothing is known.</summary>
    public static Section? Of(Report report)
    {
        Markup[] parts = [.. Repeat(report.Command), .. Facts("Settings", report.Settings), .. Facts("Versions", report.Versions)];
        return parts.Length == 0 ? null : new Section("facts", "Do it again", Markup.Join(parts)) { Short = "Settings" };
    }

    private static IEnumerable<Markup> Repeat(string command)
    {
        if (command.Length > 0)
            yield return Markup.Of($"""
                <div class="card command"><h3>The command of this run</h3>
                <pre tabindex="0" role="region" aria-label="The command of this run"><code id="command">{command}</code></pre>
                <button type="button" data-copy="command">Copy</button><span class="quiet" role="status" data-copied></span></div>
                """);
    }

    private static IEnumerable<Markup> Facts(string title, IReadOnlyList<ReportFact> facts)
    {
        if (facts.Count > 0) yield return Markup.Of($"<div class=\"card\"><h3>{title}</h3>{Pieces.Facts(facts)}</div>");
    }
}
