using System.Text.RegularExpressions;

namespace CnnTrainers.Pipelines.Tests.Reports;

public sealed partial class HtmlReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "new", "report.html");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_needs_nothing_outside_itself()
    {
        string page = Write(SampleReports.Training);
        Assert.Contains("default-src 'none'; script-src 'sha256-", page);
        Assert.All(Source().Matches(page).Select(m => m.Groups[1].Value), source => Assert.StartsWith("data:image/png;base64,", source));
        Assert.DoesNotContain("<link", page);
        Assert.DoesNotContain("@import", page);
    }

    [Fact]
    public void Sections_stand_in_a_fixed_order() => Assert.Equal(
        ["summary", "curves", "confusion", "classes", "calibration", "pictures", "samples", "facts"], Sections(Write(SampleReports.Training)));

    [Fact]
    public void Sections_without_data_are_left_out()
    {
        Assert.Equal(["summary", "confusion", "classes", "calibration"], Sections(Write(SampleReports.EvaluationOnly)));
        Assert.Equal(["summary", "curves"], Sections(Write(new TrainingReport { Title = "t", Date = default, Trainer = "lenet5", Epochs = SampleReports.Training.Epochs })));
        Assert.Equal(["summary"], Sections(Write(SampleReports.EvaluationOnly with { Evaluation = SampleReports.EvaluationOnly.Evaluation! with { Predictions = [] } })));
        Assert.Equal(["summary", "leaderboard"], Sections(Write(new ComparisonReport { Title = "t", Date = default, Trials = [] })));
    }

    [Fact]
    public void The_summary_says_in_words_what_happened()
    {
        string words = Words(Write(SampleReports.Training));
        Assert.Contains("resnet18 was trained for 12 epochs on 8,000 images in 6 min 12 s.", words);
        Assert.Contains("It names 87.2% of 2,000 validation images right, in 10 classes.", words);
        Assert.Contains("It errs most often where Shirt is taken for T-shirt (47 of 200), ", words);
        Assert.Contains("What to try next", words);
    }

    [Fact]
    public void A_comparison_names_the_best_and_how_far_it_is_above_the_baseline()
    {
        string words = Words(Write(SampleReports.Comparison));
        Assert.Contains("7 models were compared in 9 min 58 s; 1 failed. The best is resnet18 (rate 0.05, batch 64) with an accuracy of 87.2%, 6.6 percentage points above the baseline LbfgsMaximumEntropy.", words);
        Assert.Contains("The input is 1x32x32, expected at least 1x64x64 for nin.", words);
    }

    [Fact]
    public void A_comparison_says_who_had_the_whole_training()
    {
        string words = Words(Write(SampleReports.Comparison));
        Assert.Contains("Networks that had their whole training: 4 of 5; the figures of the others are of the part that they had.", words);
        Assert.Contains("3 of 10", words);
        Assert.DoesNotContain("whole training", Words(Write(SampleReports.Stopped)));
    }

    [Fact]
    public void A_model_without_mistakes_is_said_to_have_none()
    {
        string words = Words(Write(SampleReports.Smallest));
        Assert.Contains("lenet5 was trained for 1 epoch.", words);
        Assert.Contains("It names 100.0% of 2 validation images right, in 2 classes.", words);
        Assert.Contains("It makes no mistake on them.", words);
        Assert.Contains("There are none: every image is named right.", words);
    }

    [Fact]
    public void A_look_at_a_data_set_says_what_hurts_and_shows_the_pictures()
    {
        string page = Write(SampleReports.Check), words = Words(page);
        Assert.Equal(["summary", "classes", "formats", "pictures", "facts"], Sections(page));
        Assert.Contains("1,003 images were looked at in 2.5 s. Some of what was found would hurt.", words);
        Assert.Contains("1 picture is in two classes, of which one at most can be right", words);
        Assert.Contains("it is an HTML page, not an image: flowers/rose/page.jpg", words);
        Assert.Contains("1 of the 100 images to test on is among the training images, too", words);
        Assert.Equal(SampleReports.Check.Thumbnails.Count, Source().Count(page));
        Assert.DoesNotContain(SampleReports.Script, page);
    }

    [Fact]
    public void A_comparison_without_a_result_says_so() =>
        Assert.Contains("1 model was compared; 1 failed. None has a result.", Words(Write(SampleReports.Comparison with { Trials = [SampleReports.Comparison.Trials[^1]], Time = null, Evaluation = null })));

    [Fact]
    public void Of_pictures_that_are_too_large_fewer_are_shown()
    {
        Assert.Equal(2 * 2 * 12 + 16, Source().Count(Write(SampleReports.Training)));
        Assert.InRange(Source().Count(Write(SampleReports.Large)), 2 * 2 * 3 + 6, 2 * 2 * 12);
        Assert.Single(Source().Matches(Write(SampleReports.EvaluationOnly with { Samples = [.. Enumerable.Repeat(new ReportPicture(new byte[1_000_000], ""), 2)] })));
    }

    [Fact]
    public void Names_are_escaped_everywhere()
    {
        string page = Write(SampleReports.Hostile);
        Assert.DoesNotContain("<script>window", page);
        Assert.DoesNotContain("<img src=x", page);
        Assert.Equal(2, Regex.Count(page, "</script>"));
        Assert.Contains("日本語", page);
    }

    [Fact]
    public void The_licences_of_the_chart_library_stand_in_the_page()
    {
        string page = Write(SampleReports.EvaluationOnly);
        Assert.Contains("Apache License", page);
        Assert.Contains("This product includes software developed at", page);
        Assert.Contains("BSD 3-Clause License", page);
    }

    [Fact]
    public void A_file_is_replaced_and_nothing_is_left_beside_it()
    {
        Write(SampleReports.EvaluationOnly);
        Assert.Contains("<h1>Again</h1>", Write(SampleReports.EvaluationOnly with { Title = "Again" }));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_cancelled_report_leaves_the_old_file_alone()
    {
        string before = Write(SampleReports.EvaluationOnly);
        Assert.Throws<OperationCanceledException>(() => HtmlReport.Write(File, SampleReports.Training, new CancellationToken(canceled: true)));
        Assert.Equal(before, System.IO.File.ReadAllText(File));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_prediction_of_a_class_that_there_is_not_is_an_error_that_says_which()
    {
        ReportEvaluation wrong = new() { ClassNames = ["a", "b"], Predictions = [new(0, 0, 1, 1), new(0, 2, 1, 0)] };
        var error = Assert.Throws<ArgumentException>(() => HtmlReport.Write(File, SampleReports.EvaluationOnly with { Evaluation = wrong }));
        Assert.Equal("Prediction 1 has predicted class 2, expected 0 to 1: there are 2 class names.", error.Message);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Losses_that_are_no_numbers_do_not_stop_it()
    {
        string page = Write(SampleReports.Training with { Epochs = [new(1, 2.5, 0.1), new(2, double.NaN, 0.1) { ValidationLoss = double.PositiveInfinity }] });
        Assert.Contains("try a tenth of the learning rate", page);
    }

    private string Write(Report report)
    {
        HtmlReport.Write(File, report);
        return System.IO.File.ReadAllText(File);
    }

    private static IEnumerable<string> Sections(string page) => SectionId().Matches(page).Select(m => m.Groups[1].Value);

    private static string Words(string page) => System.Net.WebUtility.HtmlDecode(Space().Replace(Tag().Replace(page, ""), " "));

    [GeneratedRegex("<section id=\"([a-z]+)\"")]
    private static partial Regex SectionId();

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Source();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
