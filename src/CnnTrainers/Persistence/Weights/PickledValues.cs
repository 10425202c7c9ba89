using static TorchSharp.torch;

namespace CnnTrainers.Persistence.Weights;

/// <summary>A storage that a pickle refers to: its key in the file, its element type and how many elements it claims.</summary>
internal sealed record PickledStorage(string Key, ScalarType Type, long Count);

/// <summary>A tensor in a pickle: a strided view of a storage, offset and strides in elements.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>A dictionary in a pickle, in its order. A plain list: nothing that a file chooses can make it slow to fill.</summary>
internal sealed class PickledDictionary : List<(object? Key, object? Value)>
{
    /// <summary>The value of a key; the last one where there are several, as in Python; null where there is none.</summary>
    public object? this[string key] => FindLast(entry => entry.Key is string name && name == key).Value;
}
