namespace CnnTrainers.Pipelines.Reports;

/// <summary>Pictures: the most confident mistakes, the least sure hits, and training images as the network saw them.</summary>
internal static class PicturesSection
{
    // For each gallery, so that a page stays below 5 MB however large its pictures are.
    private const int MostBytes = 900_000;

    /// <summary>The mistakes and hits, or null where there are no pictures of them.</summary>
    public static Section? Of(EvaluationFigures figures)
    {
        ReportEvaluation evaluation = figures.Evaluation;
        Markup[] mistakes = Shown(evaluation, evaluation.MostConfidentMistakes()), hits = Shown(evaluation, evaluation.LeastSureHits());
        if (mistakes.Length + hits.Length == 0) return null;
        return new Section("pictures", "Images worth a look", Markup.Of($"""
            {(evaluation.Pictures.Values.Any(p => p.GradCam.Length > 0) ? Markup.Of($"<p>The right-hand picture marks the places that spoke for the model's answer (Grad-CAM).</p>") : Markup.Of($""))}
            {Gallery("Most confident mistakes", "Wrong, and the model was sure of it: look here for wrong labels and for what misleads it.", mistakes)}
            {Gallery("Least sure hits", "Right, but barely: the next images that it will get wrong look like these.", hits)}
            """))
        {
            Short = "Images",
        };
    }

    /// <summary>Augmented training images, or null where there are none.</summary>
    public static Section? Samples(IReadOnlyList<ReportPicture> samples) => samples.Count == 0 ? null : new Section(
        "samples", "What the network saw in training", Markup.Of($"""
        <p>Training images after the random changes (augmentation) of this run. If a person could no longer name them, the changes are too strong.</p>
        <ul class="gallery small">{Markup.Join(Affordable(samples).Select(s => Markup.Of($"""
            <li><img src="{Pieces.Address(s.Png)}" alt="Training image of class {s.Caption}"><p>{Pieces.Name(s.Caption)}</p></li>
            """)))}</ul>
        """))
    {
        Short = "Training images",
    };

    private static Markup Gallery(string title, string words, Markup[] pictures) => pictures.Length == 0 ? Markup.Of($"") : Markup.Of($"""
        <h3>{title}</h3><p class="quiet">{words}</p><ul class="gallery">{Markup.Join(pictures)}</ul>
        """);

    private static Markup[] Shown(ReportEvaluation evaluation, IReadOnlyList<int> positions) =>
        [.. Affordable(positions.Where(evaluation.Pictures.ContainsKey).Select(at => (At: at, Picture: evaluation.Pictures[at])), one => one.Picture)
            .Select(one => Picture(evaluation, evaluation.Predictions[one.At], one.Picture))];

    private static IEnumerable<ReportPicture> Affordable(IEnumerable<ReportPicture> pictures) => Affordable(pictures, picture => picture);

    // The first ones, as many as there is room for, but at least one.
    private static IEnumerable<T> Affordable<T>(IEnumerable<T> pictures, Func<T, ReportPicture> picture)
    {
        int bytes = 0;
        return pictures.TakeWhile(one =>
        {
            int before = bytes;
            bytes += picture(one).Png.Length + picture(one).GradCam.Length;
            return before == 0 || bytes <= MostBytes;
        });
    }

    private static Markup Picture(ReportEvaluation evaluation, ReportPrediction prediction, ReportPicture picture)
    {
        string label = evaluation.ClassNames[prediction.Label], said = evaluation.ClassNames[prediction.Predicted];
        bool right = prediction.Label == prediction.Predicted;
        Markup gradCam = picture.GradCam.Length == 0 ? Markup.Of($"")
            : Markup.Of($"<img src=\"{Pieces.Address(picture.GradCam)}\" alt=\"The same with the places marked that spoke for {said}\">");
        Markup truth = right
            ? Markup.Of($"<p><b class=\"right\"><span aria-hidden=\"true\">✓ </span>{Pieces.Name(label)}</b></p>")
            : Markup.Of($"<p><b class=\"wrong\"><span aria-hidden=\"true\">✗ </span>{Pieces.Name(said)}</b></p><p>in truth <b>{Pieces.Name(label)}</b> <span class=\"quiet\">({Say.Percent(prediction.LabelProbability)})</span></p>");
        return Markup.Of($"""
            <li class="card"><div class="pictures"><img src="{Pieces.Address(picture.Png)}" alt="{(right ? "Hit" : "Mistake")}: an image of class {label}">{gradCam}</div>
            {truth}<p class="quiet">{Say.Percent(prediction.Probability)} sure</p><p class="quiet file">{Pieces.Name(picture.Caption)}</p></li>

            """);
    }
}
