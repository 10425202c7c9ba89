using System.Text.Json.Nodes;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>A part whose payload this library can read.</summary>
/// <param name="Loader">The loader's name.</param>
/// <param name="Signature">The layout's name.</param>
/// <param name="Oldest">The oldest version of the layout that is read.</param>
/// <param name="Newest">The newest one.</param>
/// <param name="Name">The part in words.</param>
/// <param name="Read">Reads the payload into an object, all of it.</param>
internal sealed record KnownPart(string Loader, string Signature, uint Oldest, uint Newest, string Name, Action<PartReader, JsonObject> Read)
{
    /// <summary>Whether a stream's layout is one of those that are read.</summary>
    public bool Reads(ModelStream stream) => stream.Signature == Signature && stream.Version >= Oldest && stream.ReadableBy <= Newest;
}
