namespace CnnTrainers.Estimators;

/// <summary>Errors about columns, in ML.NET's words.</summary>
internal static class SchemaErrors
{
    public static ArgumentOutOfRangeException Missing(string role, string column) =>
        new("inputSchema", $"Could not find {role} column '{column}'");

    public static ArgumentOutOfRangeException Mismatch(string role, string column, string expected, string got) =>
        new(role == "label" ? "labelCol" : "inputSchema", $"Schema mismatch for {role} column '{column}': expected {expected}, got {got}");
}
