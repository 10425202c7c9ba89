namespace CnnTrainers.Export;

/// <summary>Where a network's operations go as ONNX: a file of ours, or a pipeline that ML.NET's converter writes. Values are known by names.</summary>
internal interface IOnnxGraph
{
    /// <summary>Adds an operation of ONNX's own set, or of the domain that its type begins with.</summary>
    /// <param name="type">ONNX's name for it.</param>
    /// <param name="name">A name for people; null where there is none.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">Their values are numbers, texts, or arrays of one of them.</param>
    /// <returns>The value that it gives.</returns>
    public string Add(string type, string? name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes);

    /// <summary>Adds a constant, once for each name. Names that are no weight's begin with a slash.</summary>
    public string Constant(string name, Func<float[]> values, params IReadOnlyList<long> shape);

    /// <summary>Adds a list of whole numbers, once for each name.</summary>
    public string Constant(string name, params IReadOnlyList<long> values);
}

/// <summary>A setting of an operation.</summary>
/// <param name="Name">ONNX's name for it.</param>
/// <param name="Value">A float, a long, a string, or an array of one of them.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    public static implicit operator OnnxAttribute((string Name, object Value) attribute) => new(attribute.Name, attribute.Value);
}
