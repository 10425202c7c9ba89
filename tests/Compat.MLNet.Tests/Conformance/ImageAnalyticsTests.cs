using Compat.Conformance;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Conformance;

/// <summary>A build on a folder of ML.NET's assemblies may take Microsoft.ML.ImageAnalytics from compat, compiled against that folder.</summary>
public sealed class ImageAnalyticsTests
{
    [Fact]
    public void UsesOnlyWhatThePublishedAssembliesHave() => PublishedApiCheck.Run(typeof(MLImage).Assembly, atLeast: 100);

    [Fact]
    public void WhatOnlyCompatHasIsReported()
    {
        using var used = new UsedMembers(typeof(MLContext).Assembly);
        Assert.NotEmpty(used.Unlisted(new Listing(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Api")))));
    }
}
