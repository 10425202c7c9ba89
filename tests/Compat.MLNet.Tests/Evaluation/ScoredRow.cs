using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Evaluation;

/// <summary>A scored row; the label counts from 0, one past the classes is missing.</summary>
public sealed class ScoredRow
{
    public uint Label { get; set; }

    public float[] Score { get; set; }

    public uint PredictedLabel { get; set; }

    public static IDataView View(IEnumerable<ScoredRow> rows, int classes, params string[] slotNames)
    {
        var definition = SchemaDefinition.Create(typeof(ScoredRow));
        definition["Label"].ColumnType = new KeyDataViewType(typeof(uint), classes);
        definition["PredictedLabel"].ColumnType = new KeyDataViewType(typeof(uint), classes);
        definition["Score"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        if (slotNames.Length > 0)
        {
            var names = new VBuffer<ReadOnlyMemory<char>>(classes, Array.ConvertAll(slotNames, name => name.AsMemory()));
            definition["Score"].AddAnnotation("SlotNames", names, new VectorDataViewType(TextDataViewType.Instance, classes));
        }
        return new MLContext().Data.LoadFromEnumerable(rows.ToList(), definition);
    }
}
