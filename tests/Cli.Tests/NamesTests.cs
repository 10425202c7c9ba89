using System.Net;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Tests;

/// <summary>Names of classes and files as people have them: numbers, spaces, commas, quotes, other scripts.</summary>
public sealed class NamesTests(NamesTests.Trained trained) : IClassFixture<NamesTests.Trained>
{
    [Fact]
    public void Tables_have_the_classes_in_natural_order_and_the_model_in_that_of_its_training()
    {
        string[] lines = [.. Tool.Run("evaluate", trained.Model, trained.Images).Output.Split('\n').Select(line => line.Trim())];
        int[] places = [.. Trained.Classes.Order(NaturalOrder.Comparer).Select(name => Array.FindIndex(lines, line => line.StartsWith(name)))];
        Assert.True(places[0] > 0 && places.Zip(places[1..], (one, next) => next == one + 1).All(follows => follows), string.Join(' ', places));
        Assert.Equal(Trained.Classes, Tool.Run("evaluate", trained.Model, trained.Images, "--json").Json.GetProperty("classes").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public void Names_come_unchanged_through_the_model_JSON_and_HTML()
    {
        string report = Path.Combine(trained.Root, "report.html"), image = trained.Image(Trained.Classes[1]);
        Tool.Result evaluated = Tool.Run("evaluate", trained.Model, trained.Images, "--report", report, "--json");
        Assert.Equal(6, evaluated.Json.GetProperty("images").GetInt32());
        Assert.Equal(0, evaluated.Json.GetProperty("unknownLabels").GetInt32());
        string page = WebUtility.HtmlDecode(File.ReadAllText(report));
        Assert.All([.. Trained.Classes, Path.GetRelativePath(trained.Images, image)], name => Assert.Contains(name, page));
        Assert.Equal(image, Tool.Run("predict", trained.Model, image, "--json").Json[0].GetProperty("image").GetString());
    }

    public sealed class Trained : IDisposable
    {
        public Trained()
        {
            foreach (string name in Classes)
                for (int i = 0; i < 2; i++) Write(Image(name, i));
            string list = Path.Combine(Root, "list.csv");
            File.WriteAllLines(list, ["path,label", .. Classes.SelectMany(name => Enumerable.Range(0, 2).Select(i => Csv.Line(Image(name, i), name)))]);
            Tool.Result result = Tool.Run("train", list, "--arch", "lenet5", "--image-size", "32", "--epochs", "1", "--validation-fraction", "0", "--out", Model);
            Assert.True(result.ExitCode == 0, result.Errors);
        }

        // Not in natural order.
        public static string[] Classes { get; } = ["10", OperatingSystem.IsWindows() ? "2 'cat', & dog" : "2 \"cat\", <b> & dog", "1 grün 猫"];

        public string Root { get; } = Directory.CreateTempSubdirectory("cnn-cli-tests-").FullName;

        public string Images => Path.Combine(Root, "images");

        public string Model => Path.Combine(Root, "model ü, 1.zip");

        public string Image(string name, int i = 0) => Path.Combine(Images, name, $" photo {i}, 'größe' é.png");

        public void Dispose() => Directory.Delete(Root, recursive: true);

        private static void Write(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var image = Microsoft.ML.Data.MLImage.CreateFromPixels(32, 32, Microsoft.ML.Data.MLPixelFormat.Rgba32, new byte[4 * 32 * 32]);
            image.Save(path);
        }
    }
}
