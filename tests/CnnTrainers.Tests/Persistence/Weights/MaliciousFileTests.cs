using System.Diagnostics;
using System.IO.Compression;
using System.Text;

namespace CnnTrainers.Tests.Persistence.Weights;

/// <summary>Files that try to run something, to use up memory or time, or that are damaged.</summary>
public class MaliciousFileTests
{
    [Theory]
    [InlineData("os_system.pth")]
    [InlineData("os_system.old.pth")]
    public void AnotherClassIsRefusedByNameAndNothingRuns(string name)
    {
        string message = Refusal(File.ReadAllBytes(WeightFiles.Path(name)));
        Assert.Contains("the class posix.system", message);
        Assert.False(File.Exists("attacked"));
    }

    [Theory]
    [InlineData("\u0080\u0002cbuiltins\neval\n.", "the class builtins.eval")]
    [InlineData("\u0080\u0002ctorch._utils\n_rebuild_device_tensor_from_numpy\n.", "the class torch._utils._rebuild_device_tensor_from_numpy")]
    [InlineData("\u0080\u0004\u008C\u0002os\u008C\u0006system\u0093.", "the class os.system")]
    [InlineData("\u0080\u0002(ios\nsystem\n.", "opcode 0x69 ('i')")]
    [InlineData("\u0080\u0002}}\u0081.", "opcode 0x81")]
    [InlineData("\u0080\u0009.", "pickle protocol 9")]
    [InlineData("\u0080\u0002ccollections\nOrderedDict\n(K\u0001tR.", "a call of OrderedDict with arguments")]
    [InlineData("\u0080\u0002K\u0001)R.", "a call of something that is no function")]
    [InlineData("\u0080\u0002K\u0001}b.", "an object's own state")]
    [InlineData("\u0080\u0002X\u00FF\u00FF\u00FF\u00FFabc.", "it ends early")]
    [InlineData("\u0080\u0002h\u0005.", "it recalls value 5")]
    [InlineData("\u0080\u0002]q\u0000h\u0000a.", "expected a state dict, got a list")]
    [InlineData("\u0080\u0002tt.", "a mark is missing")]
    [InlineData("\u0080\u0002", "it ends early")]
    public void PicklesThatNoStateDictHasAreRefused(string pickle, string expected) => Assert.Contains(expected, Refusal(Zip(Bytes(pickle))));

    [Fact]
    public void TuplesOfTuplesOfTuplesCostNothing()
    {
        string nested = "\u0080\u0002)" + string.Concat(Enumerable.Repeat("q\u0000h\u0000h\u0000\u0087", 1000)) + "."; // 3^1000 values
        Assert.Contains("got a tuple", Refusal(Zip(Bytes(nested))));
    }

    [Theory]
    [InlineData("]", 900_000)]
    [InlineData("]]a", 600_000)]
    [InlineData("}NNs", 600_000)]
    [InlineData("(", 3_000_000)]
    [InlineData("G12345678", 1_700_000)]
    public void LongPicklesAreRefusedBeforeTheyCostMuch(string part, int times) =>
        Refusal(Zip([0x80, 2, .. Enumerable.Repeat(Bytes(part), times).SelectMany(b => b), (byte)'.']));

    [Theory]
    [InlineData(1L << 50, "(\u008A\u0006\0\0\0\0\0\u0004t", "(K\u0001t", "claims")]                      // more than the file has
    [InlineData(4, "(\u008A\u0006\0\0\0\0\0\u0004t", "(K\u0001t", "larger than its data")]                  // more than the storage has
    [InlineData(4, "(\u008A\u0006\0\0\0\0\0\u0004t", "(K\u0000t", "larger than its data")]                  // one element many times
    [InlineData(4, "(J\u00FF\u00FF\u00FF\u007FJ\u00FF\u00FF\u00FF\u007FJ\u00FF\u00FF\u00FF\u007Ft", "(K\u0001K\u0001K\u0001t", "impossible")]
    [InlineData(4, "(J\u00FF\u00FF\u00FF\u00FFt", "(K\u0001t", "impossible")]                               // -1
    [InlineData(4, "(K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001K\u0001t", "(t", "9 dimensions")]
    public void TensorsThatClaimMoreThanThereIsAreRefused(long storage, string shape, string strides, string expected)
    {
        string count = "\u008A\u0008" + string.Concat(BitConverter.GetBytes(storage).Select(b => (char)b));
        string pickle = $"\u0080\u0002}}U\u0001actorch._utils\n_rebuild_tensor_v2\n((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpu{count}tQK\0{shape}{strides}\u0089}}tRs.";
        string message = Refusal(Zip(Bytes(pickle), new byte[16]));
        Assert.True(message.Contains(expected), message);
    }

    [Fact]
    public void CompressedEntriesAreRefused() => Assert.Contains("compressed", Refusal(Zip(new byte[1 << 20], level: CompressionLevel.Optimal)));

    [Fact]
    public void AHugeClaimInASafetensorsHeaderIsRefused()
    {
        byte[] header = Bytes("""{"a":{"dtype":"F32","shape":[4611686018427387904,16],"data_offsets":[0,64]}}""");
        Assert.Contains("Not a safetensors stream", Refusal([.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[64]]));
        Assert.Contains("header of", Refusal([.. BitConverter.GetBytes(1L << 60), .. header]));
    }

    [Theory]
    [InlineData("plain.pth", 0)]
    [InlineData("strided.pth", 1)]
    [InlineData("checkpoint.pth", 2)]
    public void DamagedZipFilesAreRefusedOrReadToEqualValues(string name, int seed)
    {
        byte[] good = File.ReadAllBytes(WeightFiles.Path(name));
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            using var network = new Tiny();
            if (!IsRefused(network, Damage(good, random))) network.AssertFilled();
        }
    }

    // The older form has no checksums: damaged values look like values.
    [Theory]
    [InlineData("plain.old.pth", 3)]
    [InlineData("checkpoint.old.pth", 4)]
    [InlineData("first_pytorch.old.pth", 5)]
    public void DamagedFilesOfTheOlderFormAreRefusedOrRead(string name, int seed)
    {
        byte[] good = File.ReadAllBytes(WeightFiles.Path(name));
        var random = new Random(seed);
        int refused = Enumerable.Range(0, 200).Count(_ =>
        {
            using var network = new Tiny();
            return IsRefused(network, Damage(good, random));
        });
        Assert.InRange(refused, 100, 200);
    }

    // A few bytes changed, or the end cut off, or a piece taken out.
    private static byte[] Damage(byte[] good, Random random)
    {
        if (random.Next(4) == 0) return good[..random.Next(good.Length)];
        byte[] bad = [.. good];
        for (int i = random.Next(4); i >= 0; i--) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
        int from = random.Next(bad.Length), to = random.Next(8) == 0 ? random.Next(from, bad.Length) : from;
        return [.. bad[..from], .. bad[to..]];
    }

    private static string Refusal(byte[] file)
    {
        string message = "";
        using var network = new Tiny();
        WeightFiles.With(file, path => message = Within(() => Assert.Throws<InvalidDataException>(() => CnnWeights.Load(network, path)).Message));
        return message;
    }

    private static bool IsRefused(Tiny network, byte[] file)
    {
        bool refused = false;
        WeightFiles.With(file, path => refused = Within(() =>
        {
            try
            {
                CnnWeights.Load(network, path);
                return false;
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(path, e.Message);
                return true;
            }
        }));
        return refused;
    }

    // At most 200 MB, and a second; a busy machine gets three tries.
    private static T Within<T>(Func<T> action)
    {
        for (int attempt = 1; ; attempt++)
        {
            long start = Stopwatch.GetTimestamp(), managed = GC.GetAllocatedBytesForCurrentThread();
            T result = action();
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, 200 << 20);
            if (Stopwatch.GetElapsedTime(start).TotalSeconds < 1) return result;
            Assert.True(attempt < 3, "It took more than a second.");
        }
    }

    private static byte[] Zip(byte[] pickle, byte[]? storage = null, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            using (Stream entry = zip.CreateEntry("archive/data.pkl", level).Open()) entry.Write(pickle);
            if (storage is not null) using (Stream entry = zip.CreateEntry("archive/data/0", level).Open()) entry.Write(storage);
        }
        return stream.ToArray();
    }

    private static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);
}
