using CnnTrainers.Estimators;
using CnnTrainers.Export;
using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CnnTrainers.Inference;

/// <summary>A data view with the network's outputs, computed while a cursor moves over it.</summary>
internal sealed class ScoringView(IDataView input, ScoringMap map) : OnnxView(input)
{
    public override DataViewSchema Schema => map.OutputSchema;

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        var needed = Dependencies(columns);
        // ML.NET's own cursor reads ahead on several threads, and ends at the first image that none can read; of a set each row is read when it is asked for.
        var source = map.Model.SkipUnreadableImages ? Source.GetRowCursorSet(needed, 1, rand).Single() : Source.GetRowCursor(needed, rand);
        return new ScoringCursor(map, source, columns);
    }

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var columns = columnsNeeded.ToList();
        return [.. Source.GetRowCursorSet(Dependencies(columns), n, rand).Select(cursor => new ScoringCursor(map, cursor, columns))];
    }

    protected override void Write(OnnxPipeline onnx)
    {
        var (model, shape) = (map.Model, map.Model.Shape);
        if (onnx.TryVariable(map.Feature.Name) is not { } feature)
            throw new InvalidOperationException(
                $"Column '{map.Feature.Name}' is made by steps that cannot be written as ONNX, such as those that load and resize images. Convert what follows them: " +
                "ConvertToOnnx(network, mlContext.Data.Cache(imageSteps.Transform(data)), stream), where imageSteps and network are the two parts of the pipeline.");
        if (map.Feature.Type is not VectorDataViewType { ItemType: NumberDataViewType item })
            throw new InvalidOperationException($"Column '{map.Feature.Name}' holds {map.Feature.Type}, which ONNX has no type for; expected a vector of pixels, as LoadPixels and ExtractPixels make it.");
        if (!item.Equals(NumberDataViewType.Single))
            feature = onnx.Add("Cast", null, [feature], ("to", 1L));
        var (channels, height, width) = shape;
        if (map.Format.Interleaved)
        {
            feature = onnx.Add("Reshape", null, [feature, onnx.Constant("/interleaved", -1, height, width, channels)]);
            feature = onnx.Add("Transpose", null, [feature], ("perm", new long[] { 0, 3, 1, 2 }));
        }
        var pixels = onnx.Add("Reshape", null, [feature, onnx.Constant("/planes", -1, channels, height, width)]);
        using var network = map.Scorer.Network.Copy();
        var (scores, features) = OnnxScores.Write(onnx, pixels, model, network, logits: false);
        // ML.NET's keys begin with 1.
        var place = onnx.Add("ArgMax", null, [scores], ("axis", 1L), ("keepdims", 1L));
        var key = onnx.Add("Add", null, [place, onnx.Constant("/one", 1)]);
        onnx.Output("Cast", key, Column(ScoringMap.PredictedLabel), ("to", 12L)); // uint32
        onnx.Output("Identity", scores, Column(ScoringMap.Score));
        if (features is not null)
            onnx.Output("Identity", features, Column(ScoringMap.Features));
    }

    private DataViewSchema.Column Column(int output) => map.OutputSchema.First(column => map.OutputOf(column) == output);

    // The columns that name a row's file are read too, for errors.
    private List<DataViewSchema.Column> Dependencies(List<DataViewSchema.Column> columns)
    {
        var needed = map.GetDependencies(columns);
        return [.. columns.Exists(column => map.OutputOf(column) >= 0)
            ? needed.Concat(RowErrors.FileColumns(Source.Schema)).DistinctBy(column => column.Index)
            : needed];
    }
}
