using System.IO.Compression;
using System.Text;
using CnnTrainers.Tests.Estimators;

namespace CnnTrainers.Tests.Inspection.ModelFiles;

public sealed class DamagedModelFileTests
{
    private const string Network = "TransformerChain/Transform_001/";

    private static ModelFileReport Read(byte[] file) => ModelFileReportTests.Read(file);

    private static byte[] Ours() => ModelFileReportTests.Save(Toy.Trained.Model, Toy.Rows(Toy.Trained.Ml, 2).Schema);

    [Fact]
    public void Text_is_no_archive() => Assert.Equal(
        "the file: expected a zip archive, which begins with 'PK', got 12 bytes that begin with the text 'Not '",
        Assert.Single(Read(Encoding.UTF8.GetBytes("Not a model.")).Faults).ToString());

    [Fact]
    public void An_empty_file_is_no_archive() => Assert.Equal("an empty file", Assert.Single(Read([]).Faults).Got);

    [Fact]
    public void A_file_that_is_cut_off_is_told_from_a_whole_one()
    {
        var file = Ours();
        Assert.All([5, 100, file.Length / 2, file.Length - 1], length =>
            Assert.Contains("the file was cut off", Assert.Single(Read(file[..length]).Faults).Got));
    }

    [Fact]
    public void A_turned_bit_is_found_in_its_entry()
    {
        var file = Ours();
        var at = file.AsSpan().IndexOf("Weights.safetensors"u8) + 5000; // within the packed values
        file[at] ^= 4;

        var fault = Read(file).Faults[0];

        Assert.Equal(Network + "Weights.safetensors", fault.Entry);
    }

    [Fact]
    public void A_turned_bit_in_a_description_is_said_once()
    {
        var file = Ours();
        file[file.AsSpan().IndexOf("Model.json"u8) + 200] ^= 4;

        Assert.Equal(Network + "Model.json", Assert.Single(Read(file).Faults).Entry);
    }

    [Fact]
    public void An_archive_of_other_things_is_no_model() =>
        Assert.Equal("an archive of other things, such as 'word/document.xml'", Assert.Single(Read(ZipText.Pack([("word/document.xml", [1])])).Faults).Got);

    [Fact]
    public void A_part_without_a_header_is_named()
    {
        var fault = Assert.Single(Read(ZipText.With(Ours(), "TransformerChain/Model.key", _ => [1, 2, 3])).Faults);

        Assert.Equal(("TransformerChain/Model.key", "3 bytes that begin with 010203"), (fault.Entry, fault.Got));
    }

    [Theory]
    [InlineData("Model.json")]
    [InlineData("Weights.safetensors")]
    public void A_network_without_one_of_its_parts_is_named(string part)
    {
        var file = ZipText.Pack(ZipText.Unpack(Ours()).Where(entry => entry.Name != Network + part));

        Assert.Equal($"{Network}{part}: expected a part of the network, got no such entry", Read(file).Faults[0].ToString());
    }

    [Fact]
    public void A_damaged_description_says_what_is_wrong()
    {
        var file = ZipText.With(Ours(), Network + "Model.json", text => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace("\"version\": 1", "\"version\": 99")));

        Assert.Contains("has version 99", Assert.Single(Read(file).Faults).Got);
    }

    [Fact]
    public void Weights_that_do_not_fit_their_header_are_named()
    {
        var file = ZipText.With(Ours(), Network + "Weights.safetensors", bytes => bytes[..^8]);

        Assert.Equal(Network + "Weights.safetensors", Read(file).Faults[0].Entry);
    }

    [Fact]
    public void What_only_the_loader_finds_is_a_fault_in_its_words()
    {
        var file = ZipText.With(ModelFileReportTests.Published("single.zip"), "TransformerChain/Model.key", bytes =>
        {
            (bytes[0x48], bytes[0x4C]) = (9, 9); // a layout of the future
            return bytes;
        });

        Assert.Equal("a model that ML.NET loads", Assert.Single(Read(file).Faults).Expected);
    }

    [Fact]
    public void A_small_file_that_unpacks_to_gigabytes_is_not_held_in_memory()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var stream = zip.CreateEntry("TransformerChain/Model.key").Open();
            for (var block = 0; block < 200; block++)
                stream.Write(new byte[1 << 20]);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("TransformerChain/Model.key", Read(archive.ToArray()).Faults[0].Entry);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    [Fact]
    public void Whatever_a_disk_does_to_a_file_is_told_or_changes_nothing()
    {
        var good = Ours();
        var (fuzzer, parts) = (new ZipFuzzer(good), Read(good).Parts.Select(part => (part.Folder, part.Loader)).ToList());
        for (var round = 0; round < FuzzRun.Times(200); round++)
        {
            var report = Read(fuzzer.DamageArchive(new Random(round)));
            Assert.True(report.Faults.Count > 0 || report.Missing is not null || report.Parts.Select(part => (part.Folder, part.Loader)).SequenceEqual(parts), $"round {round}");
        }
    }
}
