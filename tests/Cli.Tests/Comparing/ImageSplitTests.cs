using CnnTrainers.Cli.Comparing;
using CnnTrainers.Pipelines;

namespace CnnTrainers.Cli.Tests.Comparing;

public sealed class ImageSplitTests
{
    [Fact]
    public void Every_class_is_in_both_parts_by_its_share_and_no_image_in_both()
    {
        (DataSet training, DataSet validation) = ImageSplit.Split(Images(100, 50, 10), null, 0.2, seed: 1);
        Assert.Equal((128, 32), (training.Count, validation.Count));
        Assert.Equal([("a", 20), ("b", 10), ("c", 2)], Counts(validation));
        Assert.Empty(Paths(training).Intersect(Paths(validation)));
    }

    [Fact]
    public void A_count_bounds_the_training_images_and_the_validation_images_with_them()
    {
        (DataSet training, DataSet validation) = ImageSplit.Split(Images(500, 500), 80, 0.2, seed: 1);
        Assert.Equal((80, 20), (training.Count, validation.Count));
        Assert.Equal([("a", 40), ("b", 40)], Counts(training));
    }

    [Fact]
    public void A_count_of_more_than_there_are_takes_all() =>
        Assert.Equal(8, ImageSplit.Split(Images(5, 5), 1000, 0.2, seed: 1).Training.Count);

    [Fact]
    public void The_seed_alone_says_which()
    {
        Assert.Equal(Paths(ImageSplit.Split(Images(50, 50), 20, 0.2, 1).Training), Paths(ImageSplit.Split(Images(50, 50), 20, 0.2, 1).Training));
        Assert.NotEqual(Paths(ImageSplit.Split(Images(50, 50), 20, 0.2, 1).Training), Paths(ImageSplit.Split(Images(50, 50), 20, 0.2, 2).Training));
    }

    [Fact]
    public void The_images_set_apart_can_be_opened_again()
    {
        string folder = Directory.CreateTempSubdirectory("cnn-cli-tests-").FullName;
        DataSet images = DataSet.FromFiles(folder, [new() { ImagePath = Path.Combine(folder, "a, \"b\".png"), Label = "x, y" }]);
        DataSet again = DataSet.Open(images.Write(folder, "validation"), DataPart.Train);
        Assert.Equal((images.Files![0].ImagePath, "x, y"), (again.Files![0].ImagePath, again.LabelOf(0)));
        Assert.Equal("a, \"b\".png", again.NameOf(0));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Images_of_a_data_file_are_set_apart_in_data_files()
    {
        string folder = Directory.CreateTempSubdirectory("cnn-cli-tests-").FullName, images = Path.Combine(folder, "train-images-idx3-ubyte");
        File.WriteAllBytes(images, [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 10, 20, 30]);
        File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 3, 4, 5, 6]);
        DataSet data = DataSet.Open(images, DataPart.Train).Subset([2, 1]);
        Assert.Equal(("6", "image 2"), (data.LabelOf(0), data.NameOf(0)));
        DataSet again = DataSet.Open(data.Write(folder, "validation"), DataPart.Train);
        Assert.Equal((2, "6", "5"), (again.Count, again.LabelOf(0), again.LabelOf(1)));
        Directory.Delete(folder, recursive: true);
    }

    private static DataSet Images(params int[] counts) => DataSet.FromFiles("/images", [.. counts.SelectMany((count, label) =>
        Enumerable.Range(0, count).Select(i => new LabelledImage { ImagePath = $"/images/{"abc"[label]}/{i}.png", Label = $"{"abc"[label]}" }))]);

    private static IEnumerable<string> Paths(DataSet data) => data.Files!.Select(file => file.ImagePath);

    private static IEnumerable<(string, int)> Counts(DataSet data) => data.Files!.CountBy(file => file.Label).Select(pair => (pair.Key, pair.Value));
}
