using Microsoft.ML;

namespace CnnTrainers.Tests.Estimators;

public class CnnTrainerFitTests
{
    [Fact]
    public void A_network_learns_and_evaluate_shows_class_names()
    {
        var (ml, model) = Toy.Trained;

        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Toy.Rows(ml, 90, seed: 2)));

        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.Matches(@"2\. +top \|\|", metrics.ConfusionMatrix.GetFormattedConfusionTable());
        Assert.Equal(3, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [Fact]
    public void Progress_comes_by_callback_and_in_the_log()
    {
        var ml = new MLContext(seed: 1);
        List<EpochMetrics> epochs = [];
        List<string> log = [];
        ml.Log += (_, entry) => log.Add(entry.Message);

        Toy.Pipeline(ml, Toy.Options with { Epochs = 2, OnEpoch = epochs.Add }).Fit(Toy.Rows(ml, 60));

        Assert.Equal([1, 2], epochs.Select(epoch => epoch.Epoch));
        Assert.Contains(log, line => line.Contains("Epoch 2/2"));
        Assert.Contains(log, line => line.Contains("Read 60 training images of 3 classes."));
    }

    [Fact]
    public void One_seed_gives_one_network_and_another_seed_another()
    {
        var ml = new MLContext();
        var data = Toy.Rows(ml, 60);
        float[] Fit(int seed) => Toy.Scores(Toy.Pipeline(ml, Toy.Options with { Epochs = 1, Seed = seed }).Fit(data), data);

        var first = Fit(5);

        Assert.Equal(first, Fit(5));
        Assert.NotEqual(first, Fit(6));
    }

    [Fact]
    public void The_seed_of_the_context_counts_where_the_options_have_none()
    {
        float[] Fit(int seed)
        {
            var ml = new MLContext(seed);
            var data = Toy.Rows(ml, 60);
            return Toy.Scores(Toy.Pipeline(ml, Toy.Options with { Epochs = 1, Seed = null }).Fit(data), data);
        }

        var first = Fit(1);

        Assert.Equal(first, Fit(1));
        Assert.NotEqual(first, Fit(2));
    }

    [Fact]
    public void A_class_without_training_images_is_named_and_stays_a_class()
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, entry) => log.Add(entry.Message);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(ml, 60));
        var part = keys.Transform(ml.Data.LoadFromEnumerable(Toy.Make(60).Where(row => row.Label != "right")));

        using var model = ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 1 }).Fit(part);

        Assert.Equal(["bottom", "right", "top"], model.ClassNames);
        Assert.Contains(log, line => line.Contains("No training image has the class 'right'"));
    }

    [Fact]
    public void Rows_without_a_label_are_skipped_and_counted()
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, entry) => log.Add(entry.Message);
        var rows = Toy.Make(60);
        rows[7].Label = "";

        var model = Toy.Pipeline(ml, Toy.Options with { Epochs = 1 }).Fit(ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(59, Toy.CnnOf(model).Summary.Images);
        Assert.Contains(log, line => line.Contains("Skipped 1 of 60 training rows: column 'Label' has no value there."));
    }

    [Fact]
    public void A_validation_set_is_scored_after_every_epoch()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 2 });
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(ml, 60));

        using var model = trainer.Fit(keys.Transform(Toy.Rows(ml, 60)), keys.Transform(Toy.Rows(ml, 30, seed: 2)));

        Assert.Equal(30, model.Summary.ValidationImages);
        Assert.All(model.Summary.History, epoch => Assert.NotNull(epoch.ValidationAccuracy));
    }

    [Fact]
    public void Validation_rows_with_keys_of_their_own_are_taken_by_their_values()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { Epochs = 2 });
        var rows = Toy.Make(30, seed: 2);
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(ml, 60));
        IReadOnlyList<double?> Fit(IDataView validation)
        {
            using var model = trainer.Fit(keys.Transform(Toy.Rows(ml, 60)), validation);
            return [.. model.Summary.History.Select(epoch => epoch.ValidationAccuracy)];
        }
        var two = ml.Data.LoadFromEnumerable(rows.Where(row => row.Label != "bottom"));

        Assert.Equal(Fit(keys.Transform(ml.Data.LoadFromEnumerable(rows))), Fit(Toy.WithKeys(ml, ml.Data.LoadFromEnumerable(rows.Skip(2).Concat(rows.Take(2))))));
        Assert.Equal(Fit(keys.Transform(two)), Fit(Toy.WithKeys(ml, two)));
    }

    [Fact]
    public void Validation_rows_of_other_classes_are_refused()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options);
        var rows = Toy.Make(30);
        rows[3].Label = "left";
        string Error(IDataView train, IDataView validation) => Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(train, validation)).Message;
        var toy = Toy.WithKeys(ml, Toy.Rows(ml, 30));

        Assert.StartsWith(
            "Schema mismatch for label column 'Label': expected the classes of the training data, 'bottom', 'right', 'top', got other ones too: 'left'",
            Error(toy, Toy.WithKeys(ml, ml.Data.LoadFromEnumerable(rows))));
        Assert.Contains("expected keys of String values as in the training data, got keys of UInt32 values", Error(toy,
            ml.Transforms.DropColumns("Label").Append(ml.Transforms.Conversion.MapValueToKey("Label", "Digit")).Fit(toy).Transform(toy)));
    }

    [Fact]
    public void The_callers_options_stay_as_they_are()
    {
        var ml = new MLContext(seed: 1);
        var options = Toy.Options with { Epochs = 1, Seed = null };
        var before = options with { };

        Toy.Pipeline(ml, options).Fit(Toy.Rows(ml, 30));

        Assert.Equal(before, options);
    }

    [Fact]
    public void A_loss_that_is_no_number_leaves_the_best_network_so_far()
    {
        var ml = new MLContext(seed: 1);
        var data = Toy.WithKeys(ml, Toy.Rows(ml, 48));
        // AdamW's steps are as long as the rate, which one-cycle raises slowly: the first epochs are complete before the loss overflows.
        var diverging = Toy.Options with { Epochs = 60, Optimizer = CnnOptimizer.AdamW, LearningRate = 1e14, WeightDecay = 0 };

        var error = Assert.Throws<CnnTrainingException>(() => ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, diverging).Fit(data));

        Assert.Contains($"epoch {error.Epoch}, step {error.Step}", error.Message);
        Assert.Equal(error.Epoch > 1, error.Model is not null);
        error.Model?.Dispose();
    }

    [Fact]
    public void A_fit_that_is_cancelled_while_slow_rows_are_read_ends_at_the_next_one()
    {
        var ml = new MLContext(seed: 1);
        using var cancel = new CancellationTokenSource();
        var read = 0;
        var rows = ml.Data.LoadFromEnumerable(Toy.Make(300).Select(row =>
        {
            Thread.Sleep(50);
            if (++read == 5)
                cancel.Cancel();
            return row;
        }));
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Toy.Rows(ml, 6)).Transform(rows);

        var error = Assert.ThrowsAny<OperationCanceledException>(
            () => ml.MulticlassClassification.Trainers.Cnn(LeNetVariant.LeNet5, Toy.Options with { CancellationToken = cancel.Token }).Fit(keys));

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.InRange(read, 5, 40); // cursors of ML.NET's own take 64 at a time
    }

    [Fact]
    public void A_fit_ends_where_its_environment_is_cancelled_as_AutoML_does_it()
    {
        var ml = new MLContext(seed: 1);
        var cancel = typeof(MLContext).GetMethod("CancelExecution", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        var options = Toy.Options with { Epochs = 100_000, OnEpoch = epoch => _ = epoch.Epoch == 2 ? cancel.Invoke(ml, null) : null };

        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Pipeline(ml, options).Fit(Toy.Rows(ml, 30)));
    }

    [Fact]
    public void The_callers_own_token_is_in_the_exception()
    {
        var ml = new MLContext(seed: 1);
        using var cancel = new CancellationTokenSource();
        var options = Toy.Options with { Epochs = 1000, OnEpoch = _ => cancel.Cancel(), CancellationToken = cancel.Token };

        Assert.Equal(cancel.Token, Assert.ThrowsAny<OperationCanceledException>(() => Toy.Pipeline(ml, options).Fit(Toy.Rows(ml, 30))).CancellationToken);
    }

    [Fact]
    public void A_cancelled_fit_ends()
    {
        var ml = new MLContext(seed: 1);
        using var cancel = new CancellationTokenSource();
        var options = Toy.Options with { Epochs = 1000, OnEpoch = _ => cancel.Cancel(), CancellationToken = cancel.Token };

        Assert.ThrowsAny<OperationCanceledException>(() => Toy.Pipeline(ml, options).Fit(Toy.Rows(ml, 30)));
    }
}
