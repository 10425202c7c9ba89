using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Copies a value so that the copy shares no array with its source.</summary>
internal static class ValueCopy<T>
{
    public delegate void Copier(in T source, ref T destination);

    /// <summary>Vectors are copied into the arrays that the destination holds already, where they are long enough.</summary>
    public static readonly Copier Copy = Create();

    private static Copier Create()
    {
        if (!typeof(T).IsGenericType || typeof(T).GetGenericTypeDefinition() != typeof(VBuffer<>))
            return (in T source, ref T destination) => destination = source;
        return Utils.MarshalInvoke(ForVectors<int>, typeof(T).GetGenericArguments()[0]);
    }

    private static Copier ForVectors<TItem>()
        => (Copier)(object)new ValueCopy<VBuffer<TItem>>.Copier((in VBuffer<TItem> source, ref VBuffer<TItem> destination) => source.CopyTo(ref destination));
}
