using System.Text.Json;
using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using Microsoft.ML.Data;

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
    [InlineData("single.zip", "concatenate columns", 0)]
    [InlineData("misc.zip", "transformer chain", 6)]
    [InlineData("misc-noschema.zip", "transformer chain", 6)]
    [InlineData("images.zip", "transformer chain", 6)]
    public void Every_byte_of_a_published_file_is_accounted_for(string file, string name, int parts)
    {
        var report = Read(Published(file));

        Assert.Empty(report.Faults);
        Assert.Equal((name, parts), (report.Model!.Name, report.Model.Parts.Count));
        Assert.All(report.Model.Parts, part => Assert.True(part.IsKnown, part.Loader));
        Assert.Equal(file == "misc-noschema.zip", report.InputSchema is null);
        Assert.Equal("1.0.0", report.WrittenBy);
    }

    [Fact]
    public void The_transformers_of_an_image_pipeline_are_read_in_order()
    {
        var parts = Read(Published("images.zip")).Model!.Parts;

        Assert.Equal(["map values to keys", "load images", "resize images", "extract pixels", "extract pixels", "select columns"], parts.Select(part => part.Name));
        Assert.Equal("""{"columns":[{"output":"Image","input":"Image","width":6,"height":4,"resizing":"IsoCrop","anchor":"Center"}]}""", parts[2].Parameters.GetRawText());
        Assert.Equal("""{"columns":[{"type":"String","values":["red","green"]}]}""", parts[0].Parts.Single().Parameters.GetRawText());
        Assert.Equal(("IMGPXEXT", 0x00010003u, 0x00010002u), (parts[3].Signature, parts[3].Version, parts[3].ReadableBy));
        Assert.StartsWith("Microsoft.ML.ImageAnalytics, Version=1.0.0.0", parts[1].Assembly);
    }

    [Fact]
    public void A_network_is_described_with_its_classes_weights_and_training()
    {
        var (_, model) = Toy.Trained;

        var network = Read(Save(model)).Model!.Parts.Single(part => part.Network is not null).Network!;

        Assert.Equal(("lenet5", "LeNetVariant", new ImageShape(3, Toy.Size, Toy.Size)), (network.Architecture, network.Family, network.Shape));
        Assert.Equal(Toy.Classes, network.Classes);
        Assert.Equal((10, network.Values * 4), (network.Tensors, network.WeightBytes));
        Assert.Equal(Toy.CnnOf(model).Summary.History, network.Training.History);
        Assert.Equal("CnnTrainers model", network.Description.GetProperty("format").GetString());
    }

    [Fact]
    public void A_schema_comes_with_types_and_annotations()
    {
        var (ml, model) = Toy.Trained;
        var rows = Toy.WithKeys(ml, Toy.Rows(ml, 12));

        var columns = Read(Save(model, rows.Schema)).InputSchema!;

        Assert.Equal(["Label", "Label"], columns.Where(column => column.Name == "Label").Select(column => column.Name));
        Assert.Equal([true, false], columns.Where(column => column.Name == "Label").Select(column => column.IsHidden));
        var keys = columns.Last(column => column.Name == "Label");
        Assert.Equal("Key<UInt32, 0-2>", keys.Type);
        Assert.Equal("""["bottom","right","top"]""", keys.Annotations.Single(annotation => annotation.Kind == "KeyValues").Value.GetRawText());
        Assert.Equal("Vector<Single, 3, 16, 16>", columns.Single(column => column.Name == "Pixels").Type);
    }

    [Fact]
    public void A_part_that_is_not_known_is_named_and_no_fault()
    {
        var file = ZipText.With(Published("single.zip"), "TransformerChain/Model.key", bytes =>
        {
            "MyTransform\0\0\0\0\0"u8.CopyTo(bytes.AsSpan(0x50));
            return bytes;
        });

        var report = Read(file);

        Assert.Empty(report.Faults);
        Assert.Equal(("MyTransform", false, 28L), (report.Model!.Name, report.Model.IsKnown, report.Model.PayloadBytes));
    }

    [Fact]
    public void A_part_of_a_newer_version_is_named_and_not_guessed_at()
    {
        var report = Read(ZipText.With(Published("single.zip"), "TransformerChain/Model.key", bytes =>
        {
            (bytes[0x48], bytes[0x4C]) = (9, 9);
            return bytes;
        }));

        Assert.Empty(report.Faults);
        Assert.Equal(("concatenate columns", false, "{}"), (report.Model!.Name, report.Model.IsKnown, report.Model.Parameters.GetRawText()));
    }

    [Fact]
    public void A_loader_at_the_root_and_old_names_of_entries_are_read()
    {
        var key = ZipText.Unpack(Published("single.zip")).Single(entry => entry.Name == "TransformerChain/Model.key").Bytes;

        var report = Read(ZipText.Pack([("Model.key", key), (@"Loader\Model.key", key), ("TransformerChain/Model.bin", key)]));

        Assert.Empty(report.Faults);
        Assert.Equal(["Loader", "TransformerChain"], report.Model!.Parts.Select(part => part.Folder).Order());
    }

    [Fact]
    public void A_header_from_before_assembly_names_is_read()
    {
        var file = ZipText.With(Published("single.zip"), "TransformerChain/Model.key", bytes =>
        {
            var (name, size) = (BitConverter.ToInt32(bytes, 0x90), BitConverter.ToInt32(bytes, 0x98));
            byte[] older = [.. bytes[..name], .. bytes[(name + size)..]];
            (older[0x08], older[0x0C]) = (1, 1);
            older.AsSpan(0x90, 12).Clear();
            BitConverter.TryWriteBytes(older.AsSpan(0x80), (long)name);
            BitConverter.TryWriteBytes(older.AsSpan(0x88), (long)name + 8);
            return older;
        });

        var report = Read(file);

        Assert.Empty(report.Faults);
        Assert.Null(report.Model!.Assembly);
        Assert.True(report.Model.IsKnown);
    }

    [Fact]
    public void A_report_goes_through_json() =>
        Assert.Equal("transformer chain", JsonSerializer.SerializeToElement(Read(Published("misc.zip"))).GetProperty("Model").GetProperty("Name").GetString());
}
