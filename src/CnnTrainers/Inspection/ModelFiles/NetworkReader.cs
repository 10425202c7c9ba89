using System.Text.Json;
using CnnTrainers.Persistence;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>Reads a network's Model.json and the header of its weights, without building the network.</summary>
internal static class NetworkReader
{
    public static ModelFileNetwork Read(byte[] text, (int Tensors, long Values, long Bytes)? weights)
    {
        ModelDocument document;
        try
        {
            document = ModelDocument.Parse(text);
        }
        catch (InvalidDataException fault)
        {
            throw new FormatFault("the description of a network", fault.Message, null);
        }
        return new ModelFileNetwork
        {
            Version = document.Version,
            Architecture = document.Architecture.Variant is { ValueKind: JsonValueKind.Object } variant && variant.TryGetProperty("name", out var name) ? name.ToString() : "",
            Family = document.Architecture.Family,
            Shape = document.Input.Shape,
            Interleaved = document.Input.Interleaved,
            Mean = document.Input.Mean,
            Std = document.Input.Std,
            ClassCount = document.Classes.Count,
            Classes = document.Classes.Values,
            FeatureColumnName = document.Columns.Features,
            Tensors = weights?.Tensors,
            Values = weights?.Values,
            WeightBytes = weights?.Bytes,
            Training = document.Training,
            Description = JsonSerializer.Deserialize<JsonElement>(text),
        };
    }

    /// <summary>Tensors, values and bytes as the header of the weights says, which is checked in itself and against the entry's size.</summary>
    public static (int Tensors, long Values, long Bytes) ReadWeights(Stream stream, long size)
    {
        try
        {
            var entries = SafeTensors.ReadHeader(stream, out var start);
            var end = entries.Count == 0 ? 0 : entries[^1].End;
            if (end != size - start)
                throw new FormatFault($"{end:N0} bytes of values, as their header says", $"{size - start:N0}", start);
            return (entries.Count, entries.Sum(entry => entry.Shape.Aggregate(1L, (product, dimension) => product * dimension)), end);
        }
        catch (InvalidDataException fault)
        {
            throw new FormatFault("weights in the safetensors layout", fault.Message, null);
        }
    }
}
