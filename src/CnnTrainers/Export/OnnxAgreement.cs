namespace CnnTrainers;

/// <summary>What the check of an exported network has found.</summary>
/// <param name="RuntimeVersion">ONNX Runtime's version.</param>
/// <param name="Images">On how many images of noise the two were compared.</param>
/// <param name="LargestDifference">By how much a probability differed at most; with logits, as a part of the largest one.</param>
public sealed record OnnxAgreement(string RuntimeVersion, int Images, float LargestDifference);
