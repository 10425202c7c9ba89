namespace CnnTrainers.Bench.Harness;

/// <summary>A failure whose message is for the user as it stands.</summary>
internal sealed class BenchException(string message) : Exception(message);
