using System.IO.Compression;
using System.Security.Cryptography;

namespace CnnTrainers.Pipelines.Tests.Sources;

public sealed class KnownDatasetTests : IDisposable
{
    private const string Images = "train-images-idx3-ubyte.gz", Labels = "train-labels-idx1-ubyte.gz";

    private readonly TemporaryFolder _folder = new();
    private readonly FileServer _server = new();
    private readonly KnownDataset _small;
    private readonly byte[] _packed;

    public KnownDatasetTests()
    {
        byte[] pixels = new byte[200 * 16];
        new Random(1).NextBytes(pixels);
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 200, 0, 0, 0, 4, 0, 0, 0, 4, .. pixels], labels = [0, 0, 8, 1, 0, 0, 0, 200, .. new byte[200]];
        _packed = Packed(images);
        _server.Add(Images, _packed);
        _server.Add(Labels, Packed(labels));
        _small = new KnownDataset
        {
            Name = "small", Address = _server.Address, CacheFolder = Path.Combine(_folder.Path, "cache"), ClassNames = ["nothing"],
            Files = [File(Images, images), File(Labels, labels)],
        };
    }

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Part => _folder.File($"cache/{Images}.part", _packed[..1000]);

    [Fact]
    public async Task Files_are_downloaded_once_and_read()
    {
        Assert.Null(_small.Local());
        IdxDataset data = await _small.ReadAsync(cancellationToken: Token);
        Assert.Equal((200, "nothing"), (data.Count, data.Label(0)));
        await _small.ReadAsync(cancellationToken: Token);
        Assert.Equal([Images, Labels], _server.Requests);
        Assert.Equal(_small.CacheFolder, _small.Local());
    }

    [Fact]
    public async Task A_download_that_was_cut_goes_on_where_it_ended()
    {
        string part = Part;
        await _small.FetchAsync(cancellationToken: Token);
        Assert.Equal([$"{Images} 1000-", Labels], _server.Requests);
        Assert.Equal(_packed, System.IO.File.ReadAllBytes(part[..^5]));
        Assert.False(System.IO.File.Exists(part));
    }

    [Fact]
    public async Task A_server_that_cuts_every_answer_is_asked_for_the_rest()
    {
        _server.CutAfter = 1500;
        await _small.FetchAsync(cancellationToken: Token);
        Assert.Equal([Images, $"{Images} 1500-", $"{Images} 3000-", Labels], _server.Requests);
        Assert.Equal(_packed, System.IO.File.ReadAllBytes(Path.Combine(_small.CacheFolder!, Images)));
    }

    [Fact]
    public async Task A_server_that_knows_no_parts_sends_the_whole_again()
    {
        _server.ServesParts = false;
        string part = Part;
        await _small.FetchAsync(cancellationToken: Token);
        Assert.Equal(_packed, System.IO.File.ReadAllBytes(part[..^5]));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public async Task The_beginning_of_another_file_is_dropped(int length)
    {
        _folder.File($"cache/{Images}.part", new byte[length]);
        await _small.FetchAsync(cancellationToken: Token);
        Assert.Equal([$"{Images} {length}-", Images, Labels], _server.Requests);
    }

    [Fact]
    public async Task A_part_that_was_whole_already_is_taken()
    {
        _folder.File($"cache/{Images}.part", _packed);
        await _small.FetchAsync(cancellationToken: Token);
        Assert.Equal([$"{Images} {_packed.Length}-", Labels], _server.Requests);
    }

    [Fact]
    public async Task Another_file_than_the_pinned_one_is_refused_and_not_kept()
    {
        _server.Add(Images, Packed([1, 2, 3]));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => _small.FetchAsync(cancellationToken: Token));
        Assert.Contains($"expected {_small.Files[0].Sha256}", error.Message);
        _server.Add(Images, "<!doctype html>"u8.ToArray());
        error = await Assert.ThrowsAsync<InvalidDataException>(() => _small.FetchAsync(cancellationToken: Token));
        Assert.Contains("its data is damaged", error.Message);
        Assert.Empty(Directory.GetFiles(_small.CacheFolder!));
    }

    [Fact]
    public async Task Without_a_network_one_line_says_which_file_to_put_where()
    {
        _server.Dispose();
        var error = await Assert.ThrowsAsync<IOException>(() => (_small with { SystemPackage = "dataset-small" }).FetchAsync(cancellationToken: Token));
        Assert.Contains($"Put {Images}, {Labels} into {_small.CacheFolder}, or on Debian: apt-get install dataset-small.", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_file_that_the_server_does_not_have_is_said()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => (_small with { Address = new Uri(_server.Address, "elsewhere/") }).FetchAsync(cancellationToken: Token));
        Assert.Contains("the server says 404", error.Message);
    }

    [Fact]
    public async Task A_cancelled_download_keeps_what_came()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _small.FetchAsync(_ => cancel.Cancel(), cancel.Token));
        Assert.Null(_small.Local());
        Assert.True(new FileInfo(Path.Combine(_small.CacheFolder!, $"{Images}.part")).Length > 0);
    }

    [Fact]
    public async Task Files_of_the_systems_package_or_put_there_by_hand_are_taken_packed_or_not()
    {
        await _small.FetchAsync(cancellationToken: Token);
        string system = Path.Combine(_folder.Path, "system");
        Directory.Move(_small.CacheFolder!, system);
        System.IO.File.WriteAllBytes(Path.Combine(system, Labels[..^3]), [0, 0, 8, 1, 0, 0, 0, 200, .. new byte[200]]);
        System.IO.File.Delete(Path.Combine(system, Labels));
        Assert.Equal(200, (await (_small with { SystemFolder = system }).ReadAsync(cancellationToken: Token)).Count);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public void The_pinned_checksums_are_those_of_Debians_files()
    {
        foreach (KnownFile file in KnownDataset.FashionMnist.Files)
        {
            using Stream content = new GZipStream(System.IO.File.OpenRead(Path.Combine(KnownDataset.FashionMnist.SystemFolder!, $"{file.Name}.gz")), CompressionMode.Decompress);
            Assert.Equal(file.Sha256, Convert.ToHexStringLower(SHA256.HashData(content)));
        }
    }

    [Fact]
    public void A_name_is_found_in_upper_case_too_and_others_are_none()
    {
        Assert.Same(KnownDataset.Mnist, KnownDataset.Find("MNIST"));
        Assert.Null(KnownDataset.Find("flowers"));
    }

    private static KnownFile File(string name, byte[] content) => new(name[..^3], content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
        return packed.ToArray();
    }
}
