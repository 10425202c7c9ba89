namespace CnnTrainers.Pipelines.Reports;

/// <summary>Precision, recall, F1 and support of each class.</summary>
internal static class ClassesSection
{
    public static Section Of(EvaluationFigures figures) => new("classes", "Class by class", Markup.Of($"""
        <p><dfn>Precision</dfn>: how many of the images given this name have it. <dfn>Recall</dfn>: how many of the class' images were found.
        <dfn>F1</dfn>: the harmonic mean of both. <dfn>Support</dfn>: how many images the class has. A column head sorts the table.</p>
        <div class="card">{Pieces.Table(
            "Precision, recall, F1 and support of each class",
            ["class", "precision", "recall", "F1", "support"],
            figures.Confusion.Scores().Select(s => (IReadOnlyList<Cell>)
                [new Cell(Pieces.Name(s.Name)), Cell.Bar(s.Precision), Cell.Bar(s.Recall), Cell.Bar(s.F1), Cell.Of(s.Support)]),
            sortable: true)}</div>
        """))
    {
        Short = "Classes",
    };
}
