using Microsoft.ML.Data;
using Microsoft.ML.Internal.DataView;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>Puts columns in order; a later column hides an earlier one of its name.</summary>
    public sealed class Builder
    {
        private readonly List<DetachedColumn> _columns = [];

        public Builder()
        {
        }

        public void AddColumn(string name, DataViewType type, Annotations annotations = null) =>
            _columns.Add(new DetachedColumn(name, type, annotations));

        public void AddColumns(IEnumerable<DetachedColumn> source)
        {
            Contracts.CheckValue(source, nameof(source));
            foreach (DetachedColumn column in source)
                AddColumn(column.Name, column.Type, column.Annotations);
        }

        public void AddColumns(IEnumerable<Column> source)
        {
            Contracts.CheckValue(source, nameof(source));
            foreach (Column column in source)
                _columns.Add(new DetachedColumn(column));
        }

        public DataViewSchema ToSchema() => Create(_columns);
    }
}
