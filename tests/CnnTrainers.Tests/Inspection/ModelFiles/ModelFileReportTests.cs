using System.Text.Json;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;

namespace CnnTrainers.Tests.Inspection.ModelFiles;

public sealed class ModelFileReportTests
{
    internal static byte[] Published(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TestData", "Zips", name));

    internal static ModelFileReport Read(byte[] file) => ModelFileReport.Read(new MemoryStream(file));

    internal static byte[] Save(ITransformer model, DataViewSchema? schema = null)
    {
        using var stream = new MemoryStream();
        Toy.Trained.Ml.Model.Save(model, schema, stream);
        return stream.ToArray();
    }

    [Theory]
    [InlineData("single.zip", "ConcatTransform", 1)]
    [InlineData("misc-noschema.zip", "TransformerChain", 8)]
    [InlineData("images.zip", "TransformerChain", 8)]
    public void A_file_of_another_program_is_whole(string file, string first, int parts)
    {
        var report = Read(Published(file));

        Assert.Empty(report.Faults);
        Assert.Equal((first, "TransformerChain", "1.0.0"), (report.Parts[0].Loader, report.Parts[0].Folder, report.WrittenBy));
        Assert.Equal(parts, report.Parts.Count);
        Assert.Equal(file == "misc-noschema.zip", report.InputColumns is null);
    }

    [Fact]
    public void The_transformers_of_an_image_pipeline_stand_in_order()
    {
        var report = Read(Published("images.zip"));

        Assert.Equal(
            ["TransformerChain", "TermTransform", "TermManager", "ImageLoaderTransform", "ImageScalerTransform", "ImagePixelExtractor", "ImagePixelExtractor", "SelectColumnsTransform"],
            report.Parts.Select(part => part.Loader));
        Assert.Equal(("IMGPXEXT", 0x00010003u), (report.Parts[5].Signature, report.Parts[5].Version));
        Assert.StartsWith("Microsoft.ML.ImageAnalytics, Version=1.0.0.0", report.Parts[3].Assembly);
        Assert.Equal(["Label: Key<UInt32, 0-1>", "Pixels: Vector<Single, 3, 4, 6>", "Bytes: Vector<Byte, 4, 6, 3>"], report.OutputColumns!.Select(column => $"{column.Name}: {column.Type}"));
    }

    [Fact]
    public void A_network_is_described_with_its_classes_weights_and_training()
    {
        var (_, model) = Toy.Trained;

        var network = Read(Save(model)).Parts.Single(part => part.Network is not null).Network!;

        Assert.Equal(("lenet5", "LeNetVariant", new ImageShape(3, Toy.Size, Toy.Size)), (network.Architecture, network.Family, network.Shape));
        Assert.Equal(Toy.Classes, network.Classes);
        Assert.Equal((10, network.Values * 4), (network.Tensors, network.WeightBytes));
        Assert.Equal(Toy.CnnOf(model).Summary.History, network.Training.History);
        Assert.Equal("CnnTrainers model", network.Description.GetProperty("format").GetString());
    }

    [Fact]
    public void Columns_come_with_types_and_hidden_ones()
    {
        var (ml, model) = Toy.Trained;

        var columns = Read(Save(model, Toy.WithKeys(ml, Toy.Rows(ml, 12)).Schema)).InputColumns!;

        Assert.Equal([("String", true), ("Key<UInt32, 0-2>", false)], columns.Where(column => column.Name == "Label").Select(column => (column.Type, column.IsHidden)));
        Assert.Equal("Vector<Single, 3, 16, 16>", columns.Single(column => column.Name == "Pixels").Type);
    }

    [Fact]
    public void A_part_whose_assembly_is_not_here_is_named_and_no_fault()
    {
        // The name is UTF-16; one of the same length keeps the header right.
        var file = ZipText.With(Published("single.zip"), "TransformerChain/Model.key", bytes =>
        {
            var at = BitConverter.ToInt32(bytes, 0x90);
            System.Text.Encoding.Unicode.GetBytes("Somebodys.ML.Code").CopyTo(bytes, at);
            return bytes;
        });

        var report = Read(file);

        Assert.Empty(report.Faults);
        Assert.StartsWith("Somebodys.ML.Code, Version=1.0.0.0", report.Parts.Single().Assembly);
        Assert.Contains("Somebodys.ML.Code", report.Missing);
    }

    [Fact]
    public void Entries_with_the_separators_of_Windows_are_read()
    {
        var file = ZipText.Pack(ZipText.Unpack(Save(Toy.Trained.Model)).Select(entry => (entry.Name.Replace('/', '\\'), entry.Bytes)));

        var report = Read(file);

        Assert.Empty(report.Faults);
        Assert.Equal(("TransformerChain/Transform_001", "lenet5"), report.Parts.Where(part => part.Network is not null).Select(part => (part.Folder, part.Network!.Architecture)).Single());
    }

    [Fact]
    public void A_report_goes_through_json() =>
        Assert.Equal("TransformerChain", JsonSerializer.SerializeToElement(Read(Published("misc.zip"))).GetProperty("Parts")[0].GetProperty("Loader").GetString());

    [Fact]
    public void The_model_of_a_report_is_freed()
    {
        var file = Save(Toy.Trained.Model);
        Read(file);
        var before = LiveTensors.Settled();
        Read(file);
        LiveTensors.AssertNoneSince(before, CnnTrainers.Tests.Training.Toy.LeNetParameters);
    }
}
