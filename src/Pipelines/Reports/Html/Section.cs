namespace CnnTrainers.Pipelines.Reports;

/// <summary>A part of a page with its heading, and the data of its charts.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">What stands below the heading.</param>
internal sealed record Section(string Id, string Title, Markup Body)
{
    /// <summary>A shorter title for the list of sections. Default the title.</summary>
    public string Short { get; init; } = Title;

    /// <summary>The charts in it, by their names: what the page's script draws them from.</summary>
    public IReadOnlyList<(string Name, object Data)> Charts { get; init; } = [];

    /// <summary>The section as HTML.</summary>
    public Markup ToHtml() => Markup.Of($"""
        <section id="{Id}" aria-labelledby="{Id}-title">
        <h2 id="{Id}-title">{Title}</h2>
        {Body}
        </section>

        """);
}
