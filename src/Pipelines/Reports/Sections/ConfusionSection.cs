namespace CnnTrainers.Pipelines.Reports;

/// <summary>The confusion matrix, and the pairs of classes that are mixed up most.</summary>
internal static class ConfusionSection
{
    private const int PairsShown = 10, PairsInTable = 100, LargestFullTable = 25;

    public static Section Of(EvaluationFigures figures)
    {
        ConfusionMatrix matrix = figures.Confusion;
        return new Section("confusion", "What is taken for what", Markup.Of($"""
            <div class="aside">
            {Pieces.Figure("confusion", "Confusion matrix", Words(matrix), Table(matrix), "tall")}
            {Pairs(matrix)}
            </div>
            """))
        {
            Short = "Confusions",
            Charts = [("confusion", new MatrixData(matrix))],
        };
    }

    private static string Words(ConfusionMatrix matrix) =>
        $"Rows are the true classes, columns what the model says: {Say.Count(matrix.Hits)} of {Say.Count(matrix.Total, "image", "images")} are on the diagonal, which is right; " +
        $"the stronger the colour of another cell, the larger the share of its row that went wrong there.";

    private static Markup Pairs(ConfusionMatrix matrix)
    {
        IReadOnlyList<ConfusionCell> worst = matrix.WorstPairs(PairsShown);
        if (worst.Count == 0) return Markup.Of($"<div class=\"card\"><h3>The worst pairs</h3><p>There are none: every image is named right.</p></div>");
        return Markup.Of($"""
            <div class="card"><h3>The worst pairs</h3>
            <ol class="pairs">{Markup.Join(worst.Select(cell => Pair(matrix, cell)))}</ol></div>
            """);
    }

    private static Markup Pair(ConfusionMatrix matrix, ConfusionCell cell) => Markup.Of($"""
        <li><span><b>{Pieces.Name(matrix.ClassNames[cell.Label])}</b> taken for <b>{Pieces.Name(matrix.ClassNames[cell.Predicted])}</b></span>
        <span class="quiet">{Say.Count(cell.Count)} of {Say.Count(matrix.Support(cell.Label))}, {Say.Percent(matrix.Share(cell))}</span></li>
        """);

    private static Markup Table(ConfusionMatrix matrix) => matrix.ClassNames.Count <= LargestFullTable ? FullTable(matrix) : PairsTable(matrix);

    private static Markup FullTable(ConfusionMatrix matrix)
    {
        Dictionary<(int, int), int> counts = matrix.Cells.ToDictionary(c => (c.Label, c.Predicted), c => c.Count);
        int classes = matrix.ClassNames.Count;
        return Pieces.Table(
            "Confusion matrix: a row for each true class, a column for each predicted class",
            ["true class", .. matrix.ClassNames],
            Enumerable.Range(0, classes).Select(row => (IReadOnlyList<Cell>)
                [Cell.Of(matrix.ClassNames[row]), .. Enumerable.Range(0, classes).Select(column => Cell.Of(counts.GetValueOrDefault((row, column))))]));
    }

    private static Markup PairsTable(ConfusionMatrix matrix) => Pieces.Table(
        $"The {PairsInTable} worst pairs of classes",
        ["true class", "predicted class", "images", "share of the class"],
        matrix.WorstPairs(PairsInTable).Select(cell => (IReadOnlyList<Cell>)
            [Cell.Of(matrix.ClassNames[cell.Label]), Cell.Of(matrix.ClassNames[cell.Predicted]), Cell.Of(cell.Count), Cell.Bar(matrix.Share(cell))]),
        sortable: true);
}

/// <summary>What the confusion matrix is drawn from.</summary>
internal sealed class MatrixData(ConfusionMatrix matrix)
{
    public string Kind => "matrix";

    public IReadOnlyList<string> Classes => matrix.ClassNames;

    public IReadOnlyList<int> Supports { get; } = [.. Enumerable.Range(0, matrix.ClassNames.Count).Select(matrix.Support)];

    /// <summary>Row, column and count of each cell that is not empty, one after the other.</summary>
    public IReadOnlyList<int> Cells { get; } = [.. matrix.Cells.SelectMany(c => new[] { c.Label, c.Predicted, c.Count })];
}
