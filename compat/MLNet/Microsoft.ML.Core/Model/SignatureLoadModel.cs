namespace Microsoft.ML;

/// <summary>The signature of what is loaded from a model file: a maker that takes the context.</summary>
internal delegate void SignatureLoadModel(ModelLoadContext ctx);
