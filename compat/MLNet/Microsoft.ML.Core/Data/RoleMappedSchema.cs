using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A schema in which some columns have a role: label, features, weight and so on.</summary>
internal sealed class RoleMappedSchema
{
    private readonly KeyValuePair<ColumnRole, DataViewSchema.Column>[] _roles;

    public RoleMappedSchema(DataViewSchema schema, IEnumerable<KeyValuePair<ColumnRole, string>> roles, bool opt = false)
    {
        Contracts.CheckValue(schema, nameof(schema));
        Contracts.CheckValue(roles, nameof(roles));
        Schema = schema;
        _roles = roles.Where(role => !string.IsNullOrEmpty(role.Value)).SelectMany(role => Find(role, opt)).ToArray();
    }

    public RoleMappedSchema(DataViewSchema schema, string label, string feature, string group = null, string weight = null, string name = null,
        IEnumerable<KeyValuePair<ColumnRole, string>> custom = null, bool opt = false)
        : this(schema, Pairs(label, feature, group, weight, name).Concat(custom ?? []), opt)
    {
    }

    public DataViewSchema Schema { get; }

    public DataViewSchema.Column? Feature => First(ColumnRole.Feature);

    public DataViewSchema.Column? Label => First(ColumnRole.Label);

    public DataViewSchema.Column? Group => First(ColumnRole.Group);

    public DataViewSchema.Column? Weight => First(ColumnRole.Weight);

    public DataViewSchema.Column? Name => First(ColumnRole.Name);

    internal static IEnumerable<KeyValuePair<ColumnRole, string>> Pairs(string label, string feature, string group, string weight, string name) =>
    [
        ColumnRole.Label.Bind(label), ColumnRole.Feature.Bind(feature), ColumnRole.Group.Bind(group),
        ColumnRole.Weight.Bind(weight), ColumnRole.Name.Bind(name),
    ];

    private DataViewSchema.Column? First(ColumnRole role)
    {
        foreach (var pair in _roles)
            if (pair.Key.Value == role.Value)
                return pair.Value;
        return null;
    }

    private IEnumerable<KeyValuePair<ColumnRole, DataViewSchema.Column>> Find(KeyValuePair<ColumnRole, string> role, bool opt)
    {
        if (Schema.GetColumnOrNull(role.Value) is DataViewSchema.Column column)
            return [new(role.Key, column)];
        return opt ? [] : throw Contracts.ExceptParam("schema", "{0} column '{1}' not found", role.Key.Value, role.Value);
    }

    /// <summary>The name of a role.</summary>
    public readonly struct ColumnRole
    {
        public readonly string Value;

        public ColumnRole(string value)
        {
            Contracts.CheckNonEmpty(value, nameof(value));
            Value = value;
        }

        public static ColumnRole Feature => new("Feature");

        public static ColumnRole Label => new("Label");

        public static ColumnRole Group => new("Group");

        public static ColumnRole Weight => new("Weight");

        public static ColumnRole Name => new("Name");

        public KeyValuePair<ColumnRole, string> Bind(string name) => new(this, name);

        public static implicit operator ColumnRole(string value) => new(value);
    }
}

/// <summary>Data in whose schema some columns have a role.</summary>
internal sealed class RoleMappedData
{
    public RoleMappedData(IDataView data, string label, string feature, string group = null, string weight = null, string name = null,
        IEnumerable<KeyValuePair<RoleMappedSchema.ColumnRole, string>> custom = null, bool opt = false)
    {
        Contracts.CheckValue(data, nameof(data));
        Data = data;
        Schema = new RoleMappedSchema(data.Schema, label, feature, group, weight, name, custom, opt);
    }

    public IDataView Data { get; }

    public RoleMappedSchema Schema { get; }
}
