using System.CommandLine;
using CnnTrainers.Cli.Previewing;
using Microsoft.ML;
using Spectre.Console;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn preview</c>: a picture of training images as a step of <c>cnn train</c> gets them.</summary>
internal static class PreviewCommand
{
    private const int MostTries = 20; // of batches, of which half are mixed by a preset

    public static Command Create()
    {
        var data = new Argument<string>("data") { Description = "The data set, as for cnn train." };
        var arch = new Option<string>("--arch") { Description = "The architecture, whose image size is taken; cnn list names them.", DefaultValueFactory = _ => "resnet18" };
        var size = CommonOptions.ImageSize("Images are resized to this: 64, or 48x64 for height x width. Default: the architecture's.");
        var count = CommonOptions.Number("--count", "How many images, from all over the data set.", _ => 16, value => value is >= 1 and <= 256, "1 to 256");
        var epoch = CommonOptions.Positive("--epoch", "The epoch whose changes are shown.", _ => 1);
        var before = new Option<bool>("--before") { Description = "Show each image as it is read beside it." };
        var seed = CommonOptions.Seed();
        var output = new Option<string>("--out", "-o") { Description = "The picture to write.", DefaultValueFactory = _ => "preview.png" };
        var json = CommonOptions.Json();
        var command = new Command("preview", "Draw training images as they will be learned: after crops, flips, colours and mixing.")
            { data, arch, size, count, epoch, before, seed, output, json };
        var recipe = new RecipeArguments(command);
        command.SetBody((parsed, cancel) =>
        {
            CnnTrainerOptions options = recipe.Finish(recipe.Create(parsed) with { FeatureColumnName = "Pixels", Seed = parsed.GetValue(seed), CancellationToken = cancel }, parsed);
            (int height, int width) = TrainCommand.ImageSize(parsed.GetValue(size), TrainCommand.Architecture(parsed.GetValue(arch)!));
            string target = Writable.File("--out", parsed.GetValue(output)!, "preview.png");
            DataSet all = DataSet.Open(parsed.GetValue(data)!, DataPart.Train, cancel);
            PreviewBatch batch = Batch(options, drawn => PreviewBatch.Of(new MLContext(drawn.Seed), all, parsed.GetValue(count), height, width, parsed.GetValue(epoch), drawn));
            bool hasText = PreviewPicture.Write(target, batch, parsed.GetValue(before));
            Print(batch, target, hasText, new Output(parsed.GetValue(json)));
            return ExitCode.Well;
        });
        return command;
    }

    // Where only a part of the batches is mixed, one of these: it has all there is to see. A given seed says which batch it is.
    private static PreviewBatch Batch(CnnTrainerOptions options, Func<CnnTrainerOptions, PreviewBatch> of)
    {
        PreviewBatch batch = of(options with { Seed = options.Seed ?? Random.Shared.Next() });
        bool isSought = options is { Seed: null, MixupProbability: > 0 } && (options.MixupAlpha > 0 || options.CutMixAlpha > 0);
        for (int tries = 0; isSought && !batch.IsMixed && batch.Images.Count > 1 && tries < MostTries; tries++) batch = of(options with { Seed = Random.Shared.Next() });
        return batch;
    }

    private static void Print(PreviewBatch batch, string target, bool hasText, Output output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("").RightAligned()).AddColumn("shows").AddColumn("is learned as");
        foreach ((int at, PreviewImage image) in batch.Images.Index()) table.AddRow($"{at + 1}", Markup.Escape(image.Class), Markup.Escape(image.Target));
        output.Table(table);
        output.Line($"Changes: {(batch.Changes.Count > 0 ? string.Join("; ", batch.Changes) : "none")}.");
        if (!hasText) output.Line("The picture has no class names: no font was found on this machine.");
        output.Line($"Wrote {target}.");
        output.Result(new { picture = target, changes = batch.Changes, images = batch.Images.Select(image => new { @class = image.Class, learnedAs = image.Learned.Classes.Select(one => new { @class = one.Class, share = one.Share }) }) });
    }
}
