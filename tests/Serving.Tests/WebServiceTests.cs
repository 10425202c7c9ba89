using System.Net;
using Microsoft.ML.Data;

namespace CnnTrainers.Serving.Tests;

/// <summary>examples/05-WebService, run as a program that one model serves.</summary>
public sealed class WebServiceTests(WebProgram program) : IClassFixture<WebProgram>
{
    private static readonly byte[] _picture = File.ReadAllBytes(SmallModels.Pictures[3].ImagePath);

    [Fact]
    public async Task AnUploadedImageComesBackAsClassProbabilities()
    {
        Reply reply = await program.Ask(3);
        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal(["bright", "dark"], reply.Probabilities!.Keys);
        Assert.Equal(SmallModels.First.Scores[3], reply.Score);
        Assert.Equal(reply.Probabilities.MaxBy(pair => pair.Value).Key, reply.Class);
    }

    [Fact]
    public async Task ManyRequestsAtOnceGetTheModelsOwnAnswers() =>
        await Parallel.ForAsync(0, 320, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            Assert.Equal(SmallModels.First.Scores[i % 16], (await program.Ask(i % 16)).Score));

    [Fact]
    public async Task WhatIsNoImageIsABadRequest()
    {
        AssertBad("it is not an image", await program.Post([1, 2, 3]));
        AssertBad("the file is empty", await program.Post([]));
        AssertBad("expected a form with a file named 'image'", await program.Post((HttpContent?)null));
        AssertBad("expected a form with a file named 'image'", await program.Post(new ByteArrayContent(_picture)));
        AssertBad("expected a form with a file named 'image'", await program.Post(new MultipartFormDataContent { { new ByteArrayContent(_picture), "photo", "a.png" } }));
    }

    [Fact]
    public async Task ADamagedFormIsABadRequest()
    {
        var content = new StringContent("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n12");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        AssertBad("Unexpected end of Stream", await program.Post(content));
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    public async Task ATruncatedImageIsABadRequest(string format)
    {
        using var folder = new TemporaryFolder();
        using (var image = MLImage.CreateFromFile(SmallModels.Pictures[3].ImagePath))
            image.Save(folder.File("whole." + format));
        byte[] whole = await File.ReadAllBytesAsync(folder.File("whole." + format));
        Assert.Equal(HttpStatusCode.OK, (await program.Post(whole)).Status);
        AssertBad("the file ends early", await program.Post(whole[..(whole.Length / 2)]));
    }

    [Fact]
    public async Task ATooLargeFileIsABadRequest()
    {
        AssertBad("the image has 10000001 bytes; at most 10000000 are taken", await program.Post(new byte[10_000_001]));
        // Beyond what the server itself takes, it does not read on; a client that asks before it sends, as curl does, gets the answer.
        program.Client.DefaultRequestHeaders.ExpectContinue = true;
        AssertBad("Request body too large", await program.Post(new byte[40_000_000]));
        program.Client.DefaultRequestHeaders.ExpectContinue = null;
    }

    [Fact]
    public async Task TooManyPixelsAreABadRequest()
    {
        // The head of a bitmap file: its size, where pixels begin, the head's own size, width and height, one plane of 24 bits.
        var head = new MemoryStream();
        using var writer = new BinaryWriter(head);
        writer.Write("BM"u8);
        foreach (int value in new[] { 54, 0, 54, 40, 20_000, 20_000, 1 | (24 << 16), 0, 0, 0, 0, 0, 0 })
            writer.Write(value);
        AssertBad("the image has 20000×20000 pixels; at most 50000000 are taken", await program.Post(head.ToArray()));
    }

    [Fact]
    public async Task MemoryStaysFlatAndNoFileStays()
    {
        await AskMany(300);
        long before = program.WorkingSet;
        await AskMany(1000);
        // A bitmap of 100 kB kept of each would be 100 MB.
        Assert.InRange(program.WorkingSet - before, long.MinValue, 60_000_000);
        Wait.Until(() => Directory.GetFiles(program.Temporary, "*.tmp").Length == 0, "an empty folder of temporary files");
    }

    private static void AssertBad(string error, Reply reply)
    {
        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.StartsWith(error, reply.Error);
    }

    private Task AskMany(int count) =>
        Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) => await program.Ask(i % 16));
}
