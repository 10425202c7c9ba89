using System.Text.Json;
using CnnTrainers.Pipelines.Reports;

namespace CnnTrainers.Pipelines.Tests.Reports.Browser;

public sealed class BrowserTests(OpenedReports opened) : IClassFixture<OpenedReports>
{
    private const double MostMilliseconds = 3000;
    private const long MostBytes = 5_000_000;

    public static TheoryData<string> Names => [.. OpenedReports.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_console_stays_empty(string name) => Assert.All(opened.Views(name), view => Assert.Empty(Strings(view, "errors")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_asked_for_but_the_page_itself(string name) =>
        Assert.All(opened.Views(name), view => Assert.Equal([new Uri(opened.PathOf(name)).AbsoluteUri], Strings(view, "requests")));

    [Theory]
    [InlineData("training", "loss accuracy learning-rate speed confusion calibration")]
    [InlineData("comparison", "time size accuracy loss confusion calibration")]
    [InlineData("evaluation", "confusion calibration")]
    [InlineData("smallest", "loss accuracy confusion calibration")]
    [InlineData("stopped", "time size")]
    [InlineData("large", "loss accuracy learning-rate speed confusion calibration")]
    public void Every_chart_is_drawn_in_each_width_and_theme(string name, string charts) => Assert.All(opened.Views(name), view =>
    {
        JsonProperty[] drawn = [.. view.GetProperty("charts").EnumerateObject()];
        Assert.Equal(charts.Split(' ').Order(), drawn.Select(c => c.Name).Order());
        Assert.All(drawn, chart => Assert.True(chart.Value.GetInt32() > 0, $"{chart.Name} is empty"));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void The_page_is_no_wider_than_the_screen(string name) => Assert.All(opened.Views(name), view => Assert.True(view.GetProperty("overflow").GetInt32() <= 0, $"{view}"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Axe_finds_nothing_serious(string name)
    {
        JsonElement[] checkedViews = [.. opened.Views(name).Where(v => v.TryGetProperty("violations", out _))];
        Assert.Equal(2, checkedViews.Length);
        Assert.All(checkedViews, view => Assert.Empty(Strings(view, "violations")));
    }

    [Fact]
    public void Light_and_dark_follow_the_system() =>
        Assert.All(opened.Views("training"), view => Assert.Equal(view.GetProperty("colorScheme").GetString() == "light", view.GetProperty("background").GetString() == "rgb(246, 247, 249)"));

    [Theory]
    [InlineData("training")]
    [InlineData("large")]
    public void A_confusion_cell_tells_its_count_to_pointer_and_keys(string name)
    {
        ReportEvaluation evaluation = OpenedReports.All[name].Evaluation!;
        int count = evaluation.Predictions.Count(p => p is { Label: 6, Predicted: 0 }), of = evaluation.Predictions.Count(p => p.Label == 6);
        string[] words = [$"True: {evaluation.ClassNames[6]}", $"Predicted: {evaluation.ClassNames[0]}", $"{count} of {of} ({Say.Percent((double)count / of)})"];
        JsonElement cell = opened.Of(name).GetProperty("cell");
        Assert.True(count > 0);
        Assert.Equal(string.Join(", ", words), cell.GetProperty("read").GetString());
        Assert.Equal(words, cell.GetProperty("hovered").GetString()!.Split('\n'));
        Assert.True(cell.GetProperty("hidden").GetBoolean() && cell.GetProperty("left").GetBoolean());
    }

    [Fact]
    public void Of_many_classes_those_with_most_mistakes_can_be_looked_at_alone()
    {
        JsonElement fewer = opened.Of("large").GetProperty("fewer");
        Assert.StartsWith("True: class number 199, Predicted: class number 199, ", fewer.GetProperty("all").GetString());
        Assert.Equal("true", fewer.GetProperty("pressed").GetString());
        // The end is the same after 30 steps down from the start: there are fewer rows than that.
        Assert.Equal(True(fewer.GetProperty("few")), True(fewer.GetProperty("steps")));
        Assert.Equal(JsonValueKind.Null, opened.Of("training").GetProperty("fewer").ValueKind);

        static string True(JsonElement read) => read.GetString()!.Split(", ")[0];
    }

    [Fact]
    public void Arrow_keys_read_a_curve()
    {
        ReportEpoch second = SampleReports.Training.Epochs[1];
        string read = opened.Of("training").GetProperty("read").GetString()!;
        Assert.StartsWith("Epoch 2, training: ", read);
        Assert.Contains($"{second.TrainLoss:0.0000}", read);
    }

    [Fact]
    public void Arrow_keys_read_the_models_from_the_cheapest_on() =>
        Assert.StartsWith("lenet5, rate 0.05, batch 64, accuracy 84.1%, training time 24 s, at the front", opened.Of("comparison").GetProperty("read").GetString());

    [Fact]
    public void A_column_head_sorts_largest_first_then_smallest()
    {
        JsonElement[] sorted = [.. opened.Of("training").GetProperty("sorted").EnumerateArray()];
        Assert.Equal(["descending", "ascending"], sorted.Select(s => s.GetProperty("order").GetString()));
        double[][] values = [.. sorted.Select(s => s.GetProperty("values").EnumerateArray().Select(v => v.GetDouble()).ToArray())];
        Assert.Equal(10, values[0].Length);
        Assert.Equal(values[0].OrderDescending(), values[0]);
        Assert.Equal(values[0].Order(), values[1]);
    }

    [Fact]
    public void Names_with_markup_stay_text()
    {
        JsonElement hostile = opened.Of("hostile");
        Assert.Equal(SampleReports.Script, hostile.GetProperty("title").GetString());
        Assert.Equal(JsonValueKind.Null, hostile.GetProperty("scripted").ValueKind);
        Assert.Equal(0, hostile.GetProperty("markup").GetInt32());
        Assert.Contains($"Predicted: {SampleReports.Script}", hostile.GetProperty("cell").GetProperty("hovered").GetString());
    }

    [Fact]
    public void Two_hundred_classes_and_20_000_predictions_open_quickly_from_a_small_file()
    {
        Assert.InRange(new FileInfo(opened.PathOf("large")).Length, 1, MostBytes);
        Assert.All(opened.Views("large"), view => Assert.InRange(view.GetProperty("opened").GetDouble(), 0, MostMilliseconds));
    }

    [Fact]
    public void Paper_is_light_and_has_every_chart_as_lines_and_the_screen_is_as_before()
    {
        using var folder = new TemporaryFolder();
        string pdf = Path.Combine(folder.Path, "large.pdf");
        JsonElement printed = Node.Run("paper.mjs", opened.PathOf("large"), pdf);
        Assert.Empty(Strings(printed, "errors"));
        Assert.Equal("light", printed.GetProperty("onPaper").GetProperty("theme").GetString());
        Assert.Equal(0, printed.GetProperty("onPaper").GetProperty("canvases").GetInt32());
        Assert.Equal(JsonValueKind.Null, printed.GetProperty("after").GetProperty("theme").ValueKind);
        Assert.False(printed.GetProperty("after").GetProperty("printing").GetBoolean());
        Assert.True(new FileInfo(pdf).Length > 100_000);
    }

    private static string[] Strings(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
