namespace CnnTrainers.Cli.Predicting;

/// <summary>An image that a user named.</summary>
/// <param name="Name">What it is called in answers: a path that leads to it from here.</param>
/// <param name="Path">The file that it is read from.</param>
internal readonly record struct ImageInput(string Name, string Path);
