using System.Globalization;
using System.Text;
using System.Text.Json;
using CnnTrainers.Training;
using CnnTrainers.Training.Watching;

namespace CnnTrainers.Tests.Training;

public sealed class LogFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnn-log").FullName;

    private static readonly CnnTrainerOptions Options = Toy.Options with { Epochs = 2, ValidationFraction = 0.25 }; // 3 steps of 8 an epoch

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void AllFilesHaveAllStepsAndEpochs()
    {
        using var images = Toy.Images(32);
        var (steps, epochs) = (new List<StepMetrics>(), new List<EpochMetrics>());
        Toy.Fit(images, Options with { LogFolder = _folder, OnStep = steps.Add, OnEpoch = epochs.Add }).Network.Dispose();
        Assert.Equal([1, 2, 3, 4, 5, 6], steps.Select(step => step.Step));
        Assert.All(epochs, epoch => Assert.Equal(epoch.TrainLoss, steps.Where(step => step.Epoch == epoch.Epoch).Average(step => step.Loss), 1e-9));
        var expected = Merge(steps.Select(MetricRow.Of), epochs.Select(epoch => MetricRow.Of(epoch, 3 * epoch.Epoch)));
        Assert.Equal(8, expected.Count);
        Assert.Equal(expected, Csv());
        Assert.Equal(expected, JsonLines());
        Assert.Equal(expected.SelectMany(row => row.Values), TensorBoard().SelectMany(row => row.Values), (a, b) => (a.Item1, (float)a.Item2) == (b.Item1, (float)b.Item2));
        Assert.Equal("brain.Event:2", EventFileReader.Read(Path.Combine(_folder, "events.out.tfevents.cnn")).Version);
    }

    [Fact]
    public void ANewFitReplacesTheOldOnesLogs()
    {
        using (var old = new MetricsFolder(_folder, default))
            old.Write(Step(99));
        using (var folder = new MetricsFolder(_folder, default))
            folder.Write(Step(1));
        Assert.All([Csv(), JsonLines(), TensorBoard()], rows => Assert.Equal(1, rows.Single().Step));
    }

    [Fact]
    public void WhatIsRunAgainIsLoggedOnce()
    {
        using (var folder = new MetricsFolder(_folder, default))
            foreach (var row in (MetricRow[])[Step(1), Step(2), Epoch(2), Step(3), Step(4), Epoch(4), Step(5)])
                folder.Write(row);
        foreach (var file in Directory.GetFiles(_folder)) // killed while writing
            File.AppendAllText(file, "step,3");
        using (var folder = new MetricsFolder(_folder, new(Step: 4, EpochStep: 2))) // the epoch's end came after the checkpoint
            folder.Write(Epoch(4));
        (string, long)[] expected = [("step", 1), ("step", 2), ("epoch", 2), ("step", 3), ("step", 4), ("epoch", 4)];
        Assert.All([Csv(), JsonLines(), TensorBoard()], rows => Assert.Equal(expected, rows.Select(row => (row.Kind, row.Step))));
    }

    [Fact]
    public void AResumedFitLogsWhatAnUninterruptedOneDoes()
    {
        using var images = Toy.Images(32);
        Toy.Fit(images, Options with { LogFolder = _folder }).Network.Dispose();
        var expected = Losses();
        var interrupted = Options with { LogFolder = _folder, CheckpointFolder = Path.Combine(_folder, "checkpoints"), CheckpointEverySteps = 2 };
        Assert.Throws<TimeoutException>(() => Toy.Fit(images, interrupted with { OnStep = step => _ = step.Step < 5 ? 0 : throw new TimeoutException() }));
        Assert.Equal(6, Csv().Count); // five steps and an epoch
        Toy.Fit(images, interrupted with { Resume = true }).Network.Dispose();
        Assert.Equal(expected, Losses());

        List<(string, long, double)> Losses() => [.. Csv().Select(row => (row.Kind, row.Step, row.Values.Single(value => value.Name == "loss").Value))];
    }

    [Fact]
    public void TheReadersChecksumIsCrc32C() => Assert.Equal(0xE3069283u, EventFileReader.Crc32C("123456789"u8));

    private static MetricRow Step(long step) => MetricRow.Of(new StepMetrics(1, 2, step, 9, 0.5, 0.1, TimeSpan.FromSeconds(1)));

    private static MetricRow Epoch(long step) => MetricRow.Of(new EpochMetrics(1, 2, 0.5, 0.6, null, null, 0.1, 10, TimeSpan.FromSeconds(1)), step);

    private static List<MetricRow> Merge(IEnumerable<MetricRow> steps, IEnumerable<MetricRow> epochs) =>
        [.. steps.Concat(epochs).OrderBy(row => row.Step).ThenByDescending(row => row.Kind).Select(Comparable)];

    // Records compare lists by reference.
    private static MetricRow Comparable(MetricRow row) => row with { Values = new ListOf([.. row.Values]) };

    private sealed class ListOf(List<(string, double)> values) : List<(string Name, double Value)>(values)
    {
        public override bool Equals(object? other) => other is ListOf list && this.SequenceEqual(list);

        public override int GetHashCode() => Count;
    }

    private List<MetricRow> Csv()
    {
        var lines = Read("metrics.csv").Select(line => line.Split(',')).ToList();
        var header = lines[0];
        return [.. lines.Skip(1).Select(cells => Comparable(new(cells[0], int.Parse(cells[1]), long.Parse(cells[2]),
            [.. cells.Zip(header).Skip(3).Where(cell => cell.First != "").Select(cell => (cell.Second, double.Parse(cell.First, CultureInfo.InvariantCulture)))])))];
    }

    private List<MetricRow> JsonLines() => [.. Read("metrics.jsonl").Select(line => JsonDocument.Parse(line).RootElement).Select(json => Comparable(new(
        json.GetProperty("kind").GetString()!, json.GetProperty("epoch").GetInt32(), json.GetProperty("step").GetInt64(),
        [.. json.EnumerateObject().Skip(3).Select(property => (property.Name, property.Value.GetDouble()))])))];

    private List<MetricRow> TensorBoard() =>
        [.. EventFileReader.Read(Path.Combine(_folder, "events.out.tfevents.cnn")).Scalars
            .GroupBy(scalar => (Kind: scalar.Tag.Split('/')[0], scalar.Step))
            .Select(row => new MetricRow(row.Key.Kind, 0, row.Key.Step, [.. row.Select(scalar => (scalar.Tag.Split('/')[1], (double)scalar.Value))]))];

    private string[] Read(string name)
    {
        using var reader = new StreamReader(new FileStream(Path.Combine(_folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite), Encoding.UTF8);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
