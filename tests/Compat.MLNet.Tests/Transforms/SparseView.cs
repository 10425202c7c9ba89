using Microsoft.ML;
using Microsoft.ML.Data;

namespace Compat.MLNet.Tests.Transforms;

/// <summary>Rows of one sparse vector each, in a column "Values", with slot names "a", "b", ...</summary>
internal static class SparseView
{
    public sealed class Row
    {
        public VBuffer<float> Values { get; set; }
    }

    public static IDataView Of(int length, params (int Slot, float Value)[][] rows)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        var names = Enumerable.Range(0, length).Select(i => ((char)('a' + i)).ToString().AsMemory()).ToArray();
        definition["Values"].AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(length, names), new VectorDataViewType(TextDataViewType.Instance, length));
        return new MLContext().Data.LoadFromEnumerable(rows.Select(row => new Row
        {
            Values = new VBuffer<float>(length, row.Length, row.Select(item => item.Value).ToArray(), row.Select(item => item.Slot).ToArray()),
        }).ToList(), definition);
    }
}
