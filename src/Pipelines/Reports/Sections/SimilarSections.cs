namespace CnnTrainers.Pipelines.Reports;

/// <summary>The sections of a search for similar images: what it was, and the pictures.</summary>
internal static class SimilarSections
{
    public static IEnumerable<Section> Of(SimilarReport report)
    {
        yield return new Section("summary", "In short", Markup.Of($"""
            <div class="words"><p>{Say.Count(report.Searched, "image was", "images were")} compared with {Say.Count(report.Found.Count, "image", "images")}. The number below a picture says how much it is like the first of its row:
            the cosine of what the network's last layer gets of the two, 1 where it gets the same.</p></div>
            """))
        {
            Short = "Summary",
        };
        yield return new Section("images", "Similar images", Markup.Join(report.Found.Select(Row))) { Short = "Images" };
    }

    private static Markup Row(SimilarImages row) => Markup.Of($"""
        <h3>{Pieces.Name(row.Image.Caption)}</h3><ul class="gallery">{Card(row.Image, Markup.Of($"<p><b>searched for</b></p>"))}{Markup.Join(row.Matches.Select(match => Card(match.Image, Markup.Of($"<p><b>{match.Similarity:0.000}</b></p>"))))}</ul>
        """);

    private static Markup Card(ReportPicture picture, Markup words) => Markup.Of($"""
        <li class="card"><div class="pictures"><img src="{Pieces.Address(picture.Png)}" alt="{picture.Caption}"></div>{words}<p class="quiet file">{Pieces.Name(picture.Caption)}</p></li>

        """);
}
