using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Compat.MLNet.Tests.Images;

public sealed class PathRow
{
    public string ImagePath { get; set; }
}

public sealed class SmallImageRow
{
    [ImageType(4, 6)]
    public MLImage Image { get; set; }
}

/// <summary>Short ways to run the image transforms on a few rows.</summary>
internal static class ImagePipelines
{
    public static IDataView Paths(MLContext ml, params string[] paths) =>
        ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { ImagePath = path }));

    public static IDataView InMemory(MLContext ml, params MLImage[] images) =>
        ml.Data.LoadFromEnumerable(images.Select(image => new SmallImageRow { Image = image }));

    /// <summary>The values of a vector column, row by row.</summary>
    public static List<T[]> Vectors<T>(IDataView data, string column)
    {
        var rows = new List<T[]>();
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        ValueGetter<VBuffer<T>> getter = cursor.GetGetter<VBuffer<T>>(data.Schema[column]);
        VBuffer<T> value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add(value.DenseValues().ToArray());
        }
        return rows;
    }

    /// <summary>What is made of each image of a column while its row lasts.</summary>
    public static List<TResult> Look<TResult>(IDataView data, string column, Func<MLImage, TResult> select)
    {
        var rows = new List<TResult>();
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema[column]]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(data.Schema[column]);
        MLImage image = null;
        while (cursor.MoveNext())
        {
            getter(ref image);
            rows.Add(image == null ? default : select(image));
        }
        return rows;
    }

    public static byte[] PixelsOf(IDataView data, string column) => Look(data, column, image => image.Pixels.ToArray())[0];

    /// <summary>The innermost error: cursors that run in parallel wrap what happens in them.</summary>
    public static Exception Innermost(Exception error) => error is InvalidOperationException { InnerException: { } inner } ? inner : error;
}
