using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>How a prediction engine reads, writes and ends.</summary>
public sealed class PredictionEngineOptions
{
    /// <summary>Leave output members without a column alone, instead of refusing.</summary>
    public bool IgnoreMissingColumns;

    /// <summary>Which member of an example is which column; from the class where null.</summary>
    public SchemaDefinition InputSchemaDefinition;

    /// <summary>Which column goes to which member of a prediction; from the class where null.</summary>
    public SchemaDefinition OutputSchemaDefinition;

    /// <summary>Dispose the model with the engine.</summary>
    public bool OwnsTransformer;

    public PredictionEngineOptions()
    {
        IgnoreMissingColumns = true;
        OwnsTransformer = true;
    }
}
