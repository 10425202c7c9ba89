using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CnnTrainers.Tests.Estimators;

namespace CnnTrainers.Tests.Persistence;

/// <summary>The bytes that docs/model-file.md promises, read by their places.</summary>
public sealed class NetworkLayoutTests
{
    private const string Folder = "TransformerChain/Transform_001/";

    private static readonly List<(string Name, byte[] Bytes)> Entries = ZipText.Unpack(Save());

    private static byte[] Save()
    {
        using var stream = new MemoryStream();
        Toy.Trained.Ml.Model.Save(Toy.Trained.Model, null, stream);
        return stream.ToArray();
    }

    private static byte[] Entry(string name) => Entries.Single(entry => entry.Name == Folder + name).Bytes;

    [Fact]
    public void Model_key_has_the_documented_bytes_and_no_others()
    {
        var name = Encoding.Unicode.GetBytes("CnnTrainers, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null");
        var expected = new byte[0x10C + name.Length];
        void Put(int place, params ReadOnlySpan<byte> bytes) => bytes.CopyTo(expected.AsSpan(place));
        void Number(int place, long value) => BinaryPrimitives.WriteInt64LittleEndian(expected.AsSpan(place), value);
        Put(0, "ML\0MODEL"u8);
        Put(0x08, 2, 0, 1, 0, 2, 0, 1, 0);
        Number(0x10, 0x100);
        Number(0x18, 4);
        Put(0x40, "CNN\0XFER"u8);
        Put(0x48, 1, 0, 1, 0, 1, 0, 1, 0);
        Put(0x50, "CnnTransformer"u8);
        Number(0x80, 0x104 + name.Length);
        Number(0x88, 0x10C + name.Length);
        Number(0x90, 0x104);
        Number(0x98, name.Length);
        Put(0x100, 1);
        Put(0x104, name);
        Put(0x104 + name.Length, "LEDOM\0LM"u8);

        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Entry("Model.key")));
    }

    [Fact]
    public void The_entries_stand_in_the_documented_order() =>
        Assert.Equal(["Model.json", "Weights.safetensors", "Network.onnx", "Model.key"], Entries.Where(entry => entry.Name.StartsWith(Folder, StringComparison.Ordinal)).Select(entry => entry.Name[Folder.Length..]));

    [Fact]
    public void The_values_of_the_weights_fill_the_entry_behind_its_header()
    {
        var bytes = Entry("Weights.safetensors");
        var header = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using var json = JsonDocument.Parse(bytes.AsMemory(8, (int)header));
        var place = 0L;
        foreach (var tensor in json.RootElement.EnumerateObject().Where(one => one.Name != "__metadata__").Select(one => one.Value))
        {
            Assert.Equal("F32", tensor.GetProperty("dtype").GetString());
            Assert.Equal(place, tensor.GetProperty("data_offsets")[0].GetInt64());
            place += 4 * tensor.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, size) => product * size.GetInt64());
            Assert.Equal(place, tensor.GetProperty("data_offsets")[1].GetInt64());
        }
        Assert.Equal(0, header % 8);
        Assert.Equal(bytes.Length, 8 + header + place);
        Assert.Equal("pt", json.RootElement.GetProperty("__metadata__").GetProperty("format").GetString());
    }

    [Fact]
    public void Saving_twice_writes_the_same_archive() => Assert.Equal(Contents(Save()), Contents(Save()));

    private static string Contents(byte[] archive) => string.Join('\n', ZipText.Unpack(archive).Select(entry => $"{entry.Name} {Convert.ToHexString(entry.Bytes)}"));
}
