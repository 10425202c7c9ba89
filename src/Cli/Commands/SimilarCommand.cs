using System.CommandLine;
using System.Globalization;
using CnnTrainers.Cli.Predicting;
using CnnTrainers.Cli.Reporting;
using CnnTrainers.Pipelines;
using Microsoft.ML;

namespace CnnTrainers.Cli.Commands;

/// <summary><c>cnn similar</c>: images in, those of a collection that a network sees alike out.</summary>
internal static class SimilarCommand
{
    private const int ShownInReport = 50; // images that were asked for

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var images = new Argument<string[]>("images") { Description = "Image files, folders, patterns, lists, as for cnn predict.", Arity = ArgumentArity.OneOrMore };
        var data = new Option<string[]>("--in") { Description = "What is searched: files, folders, patterns, lists.", Required = true, AllowMultipleArgumentsPerToken = true };
        var top = CommonOptions.Positive("--top", "How many to show for each image.", _ => 5);
        var report = ReportFile.Option();
        var device = CommonOptions.Device();
        var json = CommonOptions.Json();
        var command = new Command("similar", "Find images that look alike to a network.") { model, images, data, top, report, device, json };
        command.SetBody((parsed, cancel) =>
        {
            string? page = ReportFile.Checked(parsed.GetValue(report));
            using var queries = new ImageInputs(parsed.GetValue(images)!);
            using var collection = new ImageInputs(parsed.GetValue(data)!);
            var ml = new MLContext();
            string path = parsed.GetValue(model)!;
            ITransformer loaded = ModelFile.Load(ml, path, parsed.Checked(device), CnnPrecision.Float32, null, out DataViewSchema schema);
            using var owned = loaded as IDisposable;
            using var embedder = new Embedder(ml, loaded, schema, path);
            var output = new Output(parsed.GetValue(json));
            var (bad, unreadable) = (new List<ImageFault>(), new List<ImageFault>());
            Embedding[] asked = [.. embedder.Of(queries.All(), bad, cancel)], searched = [.. embedder.Of(collection.All(), unreadable, cancel)];
            Match[][] matches = [.. asked.Select(one => Nearest(one, searched, parsed.GetValue(top)))];
            Print(asked, matches, output);
            if (page is not null)
            {
                ReportFile.Write(page, "no other file was", () => Page(path, asked, matches, searched.Length, CommandText.Of(parsed)));
                output.Line($"Wrote {page}.");
            }
            output.Result(asked.Zip(matches, (one, found) => new { image = one.Image.Name, similar = found.Select(match => new { image = match.Found.Image.Name, similarity = Math.Round(match.Similarity, 6) }) }));
            string[] wrong = [.. new[] { queries.Wrong(bad, asked.Length + bad.Count), collection.Wrong(unreadable, searched.Length + unreadable.Count) }.OfType<string>()];
            return wrong.Length > 0 ? throw new CliException(string.Join('\n', wrong)) : ExitCode.Well;
        });
        return command;
    }

    private sealed record Match(Embedding Found, double Similarity);

    // The file itself may be in the collection.
    private static Match[] Nearest(Embedding one, Embedding[] searched, int top)
    {
        string own = Path.GetFullPath(one.Image.Path);
        return [.. searched.Where(other => Path.GetFullPath(other.Image.Path) != own).Select(other => new Match(other, one.Similarity(other))).OrderByDescending(match => match.Similarity).Take(top)];
    }

    private static void Print(Embedding[] asked, Match[][] matches, Output output)
    {
        foreach ((Embedding one, Match[] found) in asked.Zip(matches))
        {
            output.Line(ModelFileText.Plain(one.Image.Name));
            foreach (Match match in found) output.Line(string.Create(CultureInfo.InvariantCulture, $"  {match.Similarity:0.000}  {ModelFileText.Plain(match.Found.Image.Name)}"));
        }
    }

    private static SimilarReport Page(string model, Embedding[] asked, Match[][] matches, int searched, string command) => new()
    {
        Title = $"Images like others, as {Path.GetFileName(model)} sees them",
        Date = DateTimeOffset.Now,
        Command = command,
        Versions = Facts.OfVersions(),
        Searched = searched,
        Found = [.. asked.Zip(matches).Take(ShownInReport).Select(row => new SimilarImages(Picture(row.First), [.. row.Second.Select(match => new SimilarImage(Picture(match.Found), match.Similarity))]))],
    };

    private static ReportPicture Picture(Embedding one) => ReportPicture.OfFile(one.Image.Path, one.Image.Name) ?? throw new CliException($"'{one.Image.Name}' cannot be read any more.");
}
