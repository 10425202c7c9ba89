namespace CnnTrainers.Pipelines.Reports;

/// <summary>Pieces of HTML that several sections have.</summary>
internal static class Pieces
{
    /// <summary>
    /// A place for a chart, in words for who does not see it: the title, a sentence that says what it shows, and its values as a table.
    /// </summary>
    public static Markup Figure(string name, string title, string words, Markup table, string size = "") => Markup.Of($"""
        <figure class="card {size}">
        <figcaption><h3>{title}</h3><p>{words}</p></figcaption>
        <div class="plot" data-chart="{name}" tabindex="0" role="application" aria-roledescription="chart" aria-label="{title}. {words} Arrow keys read its values."></div>
        <p class="reading" data-reading="{name}" aria-live="polite"></p>
        <details><summary>Values as a table<span class="unseen">: {title}</span></summary>{table}</details>
        </figure>
        """);

    /// <summary>A table that scrolls where the page is too narrow or the table too long.</summary>
    /// <param name="caption">What it shows, for who does not see it.</param>
    /// <param name="heads">The column heads.</param>
    /// <param name="rows">The cells of each row, as many as heads.</param>
    /// <param name="sortable">Whether a reader can sort it.</param>
    public static Markup Table(string caption, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<Cell>> rows, bool sortable = false) => Markup.Of($"""
        <div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table{new Markup(sortable ? " data-sortable" : "")}><caption class="unseen">{caption}</caption>
        <thead><tr>{Markup.Join(heads.Select(h => Markup.Of($"<th scope=\"col\">{h}</th>")))}</tr></thead>
        <tbody>{Markup.Join(rows.Select(Row))}</tbody></table></div>
        """);

    /// <summary>Names and values below each other.</summary>
    public static Markup Facts(IEnumerable<ReportFact> facts) => Markup.Of($"""
        <dl class="facts">{Markup.Join(facts.Select(f => Markup.Of($"<div><dt>{f.Name}</dt><dd>{f.Value}</dd></div>")))}</dl>
        """);

    /// <summary>A name that a user gave: kept apart from the direction of the text around it.</summary>
    public static Markup Name(string name) => Markup.Of($"<bdi>{name}</bdi>");

    /// <summary>A picture's address with the picture inside.</summary>
    public static Markup Address(ReadOnlyMemory<byte> png) => new("data:image/png;base64," + Convert.ToBase64String(png.Span));

    private static Markup Row(IReadOnlyList<Cell> cells) =>
        Markup.Of($"<tr>{Markup.Join(cells.Select((cell, at) => cell.ToHtml(isHead: at == 0)))}</tr>\n");
}

/// <summary>A cell of a table.</summary>
/// <param name="Text">What stands in it.</param>
/// <param name="Order">What it is sorted by where that is not its text: a number; null comes last.</param>
/// <param name="IsNumber">Whether it is a number.</param>
internal sealed record Cell(Markup Text, double? Order = null, bool IsNumber = false)
{
    public static Cell Of(string text) => new(Markup.Of($"{text}"));

    public static Cell Of(int number) => new(Markup.Of($"{Say.Count(number)}"), number, IsNumber: true);

    public static Cell Of(double? number, string text) => new(Markup.Of($"{text}"), number, IsNumber: true);

    /// <summary>A share, with a bar as long as it is.</summary>
    public static Cell Bar(double? share) => new(
        share is null ? Markup.Of($"{Say.Nothing}") : Markup.Of($"<span class=\"bar\" style=\"--share:{share.Value:0.####}\">{Say.Percent(share)}</span>"), share, IsNumber: true);

    public Markup ToHtml(bool isHead)
    {
        string order = !IsNumber ? "" : Order is { } o && double.IsFinite(o) ? FormattableString.Invariant($" class=\"number\" data-order=\"{o:R}\"") : " class=\"number\" data-order=\"\"";
        return Markup.Of(isHead ? (FormattableString)$"<th scope=\"row\"{new Markup(order)}>{Text}</th>" : $"<td{new Markup(order)}>{Text}</td>");
    }
}
