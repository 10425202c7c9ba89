using System.IO.Compression;
using System.Text;

namespace CnnTrainers.Tests.Inspection.ModelFiles;

public sealed class DamagedModelFileTests
{
    private const string Key = "TransformerChain/Model.key";

    private static ModelFileReport Read(byte[] file) => ModelFileReportTests.Read(file);

    private static byte[] Good(string name = "misc.zip") => ModelFileReportTests.Published(name);

    [Fact]
    public void Text_is_no_archive()
    {
        var fault = Assert.Single(Read(Encoding.UTF8.GetBytes("Not a model.")).Faults, fault => fault.Entry is null);

        Assert.Equal("byte 0: expected a zip archive, which begins with 50 4B 03 04, got 4E 6F 74 20 (text: 'Not ')", fault.ToString());
    }

    [Fact]
    public void An_empty_file_is_no_archive() => Assert.Equal("an empty file", Read([]).Faults[0].Got);

    [Fact]
    public void Of_a_file_that_is_cut_off_the_entries_before_the_cut_are_read()
    {
        var report = Read(Good()[..2000]);

        Assert.Equal((null, 2000L, "none; the file is cut off"), (report.Faults[0].Entry, report.Faults[0].Offset, report.Faults[0].Got));
        Assert.Contains(report.OtherParts, part => part.Name == "map values to keys" && part.IsKnown);
    }

    [Fact]
    public void Changed_bytes_are_told_by_the_checksum_and_by_their_place()
    {
        var file = Good("single.zip");
        var report = Read(ZipText.With(file, Key, bytes =>
        {
            bytes[0x101] = 0x7F;
            return bytes;
        }));

        var fault = Assert.Single(report.Faults);
        Assert.Equal((Key, 0x100L, $"{0x7F01}"), (fault.Entry, fault.Offset, fault.Got));
        Assert.NotEmpty(report.InputSchema!);
    }

    [Fact]
    public void Damaged_packed_bytes_are_a_fault_of_their_entry_alone()
    {
        var file = Good();
        file[Encoding.Latin1.GetString(file).IndexOf("TransformerChain/Transform_002/Model.key", StringComparison.Ordinal) + 60] ^= 0x55;

        var report = Read(file);

        Assert.All(report.Faults, fault => Assert.Equal("TransformerChain/Transform_002/Model.key", fault.Entry));
        Assert.NotEmpty(report.Faults);
        Assert.True(report.Model!.Parts.Count >= 5);
    }

    [Fact]
    public void A_missing_transformer_is_named()
    {
        var report = Read(ZipText.Pack(ZipText.Unpack(Good()).Where(entry => !entry.Name.Contains("Transform_003"))));

        var fault = Assert.Single(report.Faults);
        Assert.Equal(("TransformerChain/Transform_003/Model.key", "transformer 4 of 6", "no such entry"), (fault.Entry, fault.Expected, fault.Got));
        Assert.Equal(5, report.Model!.Parts.Count);
    }

    [Theory]
    [InlineData(0x00, "'ML', 0, 'MODEL'")]
    [InlineData(0x0C, "a header readable by version 00010002")]
    [InlineData(0x10, "the payload's place: 256")]
    [InlineData(0x18, "the string table's place")]
    [InlineData(0x40, "signature 'CONCAT F' of a ConcatTransform")]
    [InlineData(0x88, "the stream's end")]
    public void A_damaged_header_is_told_field_by_field(int place, string expected)
    {
        var report = Read(ZipText.With(Good("single.zip"), Key, bytes =>
        {
            bytes[place] += 4;
            return bytes;
        }));

        Assert.Contains(report.Faults, fault => fault.Entry == Key && fault.Expected.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_schema_leaves_the_model_readable()
    {
        var report = Read(ZipText.With(Good(), "Schema", bytes => bytes[..^20]));

        Assert.Equal("Schema", Assert.Single(report.Faults).Entry);
        Assert.Equal(6, report.Model!.Parts.Count);
    }

    [Fact]
    public void An_archive_of_other_things_is_no_model() =>
        Assert.Equal("an archive of other things, such as 'word/document.xml'", Assert.Single(Read(ZipText.Pack([("word/document.xml", [1])])).Faults).Got);

    [Fact]
    public void A_small_file_that_unpacks_to_gigabytes_is_not_unpacked()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var stream = zip.CreateEntry("TransformerChain/Model.key").Open();
            for (var block = 0; block < 200; block++)
                stream.Write(new byte[1 << 20]);
        }
        var before = GC.GetAllocatedBytesForCurrentThread();

        var report = Read(archive.ToArray());

        Assert.Contains(report.Faults, fault => fault.Got.EndsWith("not unpacked", StringComparison.Ordinal));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_claimed_count_takes_no_memory()
    {
        var file = ZipText.With(Good("single.zip"), Key, bytes =>
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(0x100), int.MaxValue);
            return bytes;
        });
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("2147483647", Assert.Single(Read(file).Faults).Got);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }
}
