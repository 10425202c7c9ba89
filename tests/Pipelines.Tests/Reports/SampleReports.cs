namespace CnnTrainers.Pipelines.Tests.Reports;

/// <summary>Reports as real runs give them, the same ones every time.</summary>
internal static class SampleReports
{
    private static readonly DateTimeOffset _date = new(2026, 3, 14, 15, 9, 26, TimeSpan.FromHours(1));

    public static TrainingReport Training { get; } = new()
    {
        Title = "resnet18 on Fashion-MNIST",
        Date = _date,
        Trainer = "resnet18",
        Command = "cnn train fashion-mnist --arch resnet18 --size 32 --epochs 12 --batch-size 64 --validate 0.2 --seed 1 --out fashion.zip --report fashion.html",
        Settings = [new("epochs", "12"), new("batch size", "64"), new("optimizer", "SGD, momentum 0.9"), new("rate", "0.05, one cycle"), new("weight decay", "0.0005"), new("augmentation", "flip, crop 4"), new("image size", "1x32x32"), new("seed", "1")],
        Versions = [new("CnnTrainers", "0.1.0"), new("ML.NET", "5.0.0"), new("libtorch", "1.13.1"), new(".NET", "10.0.1"), new("processor", "2 cores, AVX-512")],
        Epochs = Epochs(12, best: 0.93, learnt: 3),
        BestEpoch = 10,
        TrainingImages = 8000,
        TrainingTime = TimeSpan.FromSeconds(372),
        Parameters = 11_175_370,
        Evaluation = Evaluation(IdxDataset.FashionMnistClasses, 2000, accuracy: 0.9, pictures: true),
        Samples = [.. Enumerable.Range(0, 16).Select(at => new ReportPicture(SamplePictures.Png(at), IdxDataset.FashionMnistClasses[at % 10]))],
    };

    /// <summary>Only an evaluation: no epochs, no pictures.</summary>
    public static TrainingReport EvaluationOnly { get; } = new()
    {
        Title = "fashion.zip on new images", Date = _date, Trainer = "resnet18", Evaluation = Evaluation(["cat", "dog", "fox"], 300, 0.8, pictures: false),
    };

    public static ComparisonReport Comparison { get; } = new()
    {
        Title = "Six networks on Fashion-MNIST",
        Date = _date,
        Command = "cnn compare fashion-mnist --arch lenet5,alexnet_bn,nin,resnet18,densenet_small,mobilenet_v2 --time 10m --out compare",
        Time = TimeSpan.FromSeconds(598),
        Settings = [new("time", "10 min"), new("images", "10,000 for training, 2,000 for validation"), new("seed", "1")],
        Versions = Training.Versions,
        Trials =
        [
            Trial(1, "resnet18", 0.8715, 148, 11_175_370, 557_000_000, 12),
            Trial(2, "densenet_small", 0.864, 121, 758_226, 80_000_000, 9),
            Trial(3, "mobilenet_v2", 0.857, 96, 2_236_106, 18_000_000, 11),
            Trial(4, "lenet5", 0.841, 24, 61_706, 416_520, 12),
            Trial(5, "LbfgsMaximumEntropy", 0.806, 9, 10_250, 10_240, 0) with { IsBaseline = true, Settings = "" },
            Trial(6, "alexnet_bn", 0.792, 88, 46_000_000, 900_000_000, 3) with { State = "stopped early", PlannedEpochs = 10, IsFullyTrained = false },
            new ReportTrial { Trainer = "nin", State = "failed", ImageSize = "1x32x32", Error = "The input is 1x32x32, expected at least 1x64x64 for nin." },
        ],
        Evaluation = Training.Evaluation,
    };

    /// <summary>As little as a run can have: one epoch, two classes, every image named right.</summary>
    public static TrainingReport Smallest { get; } = new()
    {
        Title = "lenet5 on two classes",
        Date = _date,
        Trainer = "lenet5",
        Epochs = [new(1, 0.5, 0.75)],
        Evaluation = new() { ClassNames = ["0", "1"], Predictions = [new(0, 0, 1, 1), new(1, 1, 0.8f, 0.8f)] },
    };

    /// <summary>A comparison that was stopped early: one model with a result, the others without.</summary>
    public static ComparisonReport Stopped { get; } = new()
    {
        Title = "Stopped", Date = _date, Trials = [Comparison.Trials[0] with { History = [] }, Comparison.Trials[^1], new ReportTrial { Trainer = "vgg11", State = "stopped" }],
    };

    /// <summary>200 classes and 20,000 predictions, with all pictures that a page shows, larger than they should be.</summary>
    public static TrainingReport Large { get; } = Training with
    {
        Title = "200 classes",
        Evaluation = Enlarged(Evaluation([.. Enumerable.Range(0, 200).Select(at => $"class number {at}")], 20_000, accuracy: 0.6, pictures: true)),
        Samples = [.. Enumerable.Range(0, 24).Select(at => new ReportPicture(SamplePictures.Noise(at, 160), $"class number {at}"))],
    };

    /// <summary>Everything that a user can name has markup, quotes and unusual letters.</summary>
    public static TrainingReport Hostile { get; } = Training with
    {
        Title = Script,
        Trainer = Script,
        Command = $"cnn train \"a b\" --name '{Script}' && echo \u00e9",
        Settings = [new(Script, Script)],
        Versions = [new("ML.NET", "</script><script>window.broken = 1</script>")],
        Evaluation = Evaluation([Script, "<img src=x onerror='window.broken = 1'>", "\"quoted\" & 'more'", "日本語 كلمة 🐈", "</script>", "{{brackets}} ${dollars}"], 600, 0.7, pictures: true),
        Samples = [new(SamplePictures.Png(1), Script)],
    };

    /// <summary>A look at a data set with one finding of each kind, and a name with markup.</summary>
    public static CheckReport Check { get; } = new()
    {
        Title = "What is in flowers",
        Date = _date,
        Command = "cnn check flowers --against flowers-test --report check.html",
        Time = TimeSpan.FromSeconds(2.5),
        Versions = [new("CnnTrainers", "0.1.0")],
        Findings = new DatasetFindings
        {
            Images = 1003,
            Classes = [new("daisy", 500), new("rose", 500), new(Script, 3)],
            Formats = [new("JPEG", 900, 45_000_000), new("PNG", 102, 30_000_000)],
            Smallest = new(12, 40), Median = new(500, 375), Largest = new(6000, 8000), DifferentSizes = 17,
            Unreadable = [new("flowers/rose/page.jpg", "it is an HTML page, not an image")],
            Turned = ["flowers/rose/side.jpg"], Tiny = ["flowers/rose/tiny.png"], Huge = ["flowers/rose/huge.jpg"], Plain = ["flowers/rose/black.png"],
            Repeated =
            [
                new([new("flowers/daisy/1.jpg", "daisy"), new("flowers/rose/copy.jpg", "rose")], IsExact: true),
                new([new("flowers/rose/2.jpg", "rose"), new("flowers/rose/smaller.jpg", "rose")], IsExact: false),
            ],
            AgainstImages = 100,
            Seen = [new(new("flowers-test/rose/7.jpg", "rose"), new("flowers/rose/7.jpg", "rose"), IsExact: true)],
            PassedOver = ["1 file .DS_Store"],
        },
        Thumbnails = ((string[])["flowers/daisy/1.jpg", "flowers/rose/copy.jpg", "flowers/rose/2.jpg", "flowers/rose/smaller.jpg", "flowers-test/rose/7.jpg", "flowers/rose/7.jpg", "flowers/rose/side.jpg"])
            .Select((name, at) => (name, at)).ToDictionary(one => one.name, one => (ReadOnlyMemory<byte>)SamplePictures.Png(one.at)),
    };

    /// <summary>A search with two images, one of which has a name with markup.</summary>
    public static SimilarReport Similar { get; } = new()
    {
        Title = "Images like 2 others",
        Date = _date,
        Command = "cnn similar flowers.zip rose.jpg --in flowers --report similar.html",
        Versions = [new("CnnTrainers", "0.1.0")],
        Searched = 1003,
        Found = [.. ((string[])["rose.jpg", Script]).Select((name, at) => new SimilarImages(
            new(SamplePictures.Png(at), name),
            [.. Enumerable.Range(1, 5).Select(rank => new SimilarImage(new(SamplePictures.Png(at + 2 * rank), $"flowers/rose/a-rather-long-name-{rank}.jpg"), 1 - 0.07 * rank))]))],
    };

    public const string Script = "<script>window.broken = 1</script>";

    /// <summary>Predictions that err most often between neighbours: 6 for 0 most of all.</summary>
    public static ReportEvaluation Evaluation(IReadOnlyList<string> names, int images, double accuracy, bool pictures)
    {
        var random = new Random(7);
        var evaluation = new ReportEvaluation
        {
            ClassNames = names,
            Predictions = [.. Enumerable.Range(0, images).Select(at =>
            {
                int label = at % names.Count;
                double sure = Math.Pow(random.NextDouble(), 1 / accuracy - 1);
                bool right = random.NextDouble() < sure - (label % 7 == 6 ? 0.25 : 0.02);
                int wrong = label % 7 == 6 && random.NextDouble() < 0.7 ? label - 6 : (label + 1 + (int)(random.NextDouble() * random.NextDouble() * (names.Count - 1))) % names.Count;
                int said = right || wrong == label ? label : wrong;
                float probability = (float)Math.Clamp(sure + 0.04 * (1 - sure), 1.0 / names.Count, 1);
                return new ReportPrediction(label, said, probability, said == label ? probability : (1 - probability) / 2);
            })],
        };
        return pictures ? evaluation with { Pictures = Pictures(evaluation) } : evaluation;
    }

    private static ReportEvaluation Enlarged(ReportEvaluation evaluation) => evaluation with
    {
        Pictures = evaluation.Pictures.ToDictionary(p => p.Key, p => p.Value with { Png = SamplePictures.Noise(p.Key, 160), GradCam = SamplePictures.Noise(p.Key + 1, 160) }),
    };

    private static Dictionary<int, ReportPicture> Pictures(ReportEvaluation evaluation) => evaluation.MostConfidentMistakes().Concat(evaluation.LeastSureHits())
        .ToDictionary(at => at, at => new ReportPicture(SamplePictures.Png(at), $"validation/{at:00000}.png") { GradCam = SamplePictures.GradCam(at) });

    private static ReportEpoch[] Epochs(int count, double best, double learnt) => [.. Enumerable.Range(1, count).Select(epoch =>
    {
        double done = 1 - Math.Exp(-epoch / learnt), late = Math.Max(0, epoch - 9) * 0.004;
        return new ReportEpoch(epoch, 1.4 * (1 - done) + 0.12, 0.55 + 0.42 * done)
        {
            ValidationLoss = 1.2 * (1 - done) + 0.26 + late + 0.02 * Math.Sin(epoch),
            ValidationAccuracy = best * (0.68 + 0.32 * done) - late / 4 + 0.004 * Math.Sin(epoch),
            LearningRate = 0.05 * (epoch <= 4 ? epoch / 4.0 : 1 - (epoch - 4) / (count - 3.0)),
            ImagesPerSecond = 310 + 8 * Math.Sin(epoch * 2),
        };
    })];

    private static ReportTrial Trial(int rank, string trainer, double accuracy, int seconds, long parameters, long macs, int epochs) => new()
    {
        Rank = rank, Trainer = trainer, Accuracy = accuracy, MacroAccuracy = accuracy - 0.002, LogLoss = (1 - accuracy) * 2.8, State = "finished", Settings = "rate 0.05, batch 64", ImageSize = "1x32x32",
        TrainingTime = TimeSpan.FromSeconds(seconds), Epochs = epochs == 0 ? null : epochs, PlannedEpochs = epochs == 0 ? null : epochs, IsFullyTrained = true, Parameters = parameters, Macs = macs, ModelBytes = parameters * 4 + 3000,
        MillisecondsPerImage = Math.Sqrt(macs) / 9000, MemoryBytes = parameters * 6 + 20_000_000, History = Epochs(epochs, accuracy, 2 + rank / 2.0),
    };
}
