using System.Collections;
using System.Reflection;
using CnnTrainers.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Training;

/// <summary>Fields of a network's modules that hold layers or parameters which TorchSharp does not know of: for messages.</summary>
internal static class UnregisteredLayers
{
    private const BindingFlags OwnFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The fields, as <c>Block._layers</c>.</summary>
    public static IReadOnlyList<string> Of(nn.Module network)
    {
        var modules = network.modules().Prepend(network).ToHashSet();
        var parameters = network.parameters().Select(parameter => TensorHold.AddressOf(parameter)).ToHashSet();
        bool IsKnown(object item) => item is Parameter parameter ? parameters.Contains(TensorHold.AddressOf(parameter)) : modules.Contains((nn.Module)item);
        return [.. modules.SelectMany(module => FieldsOf(module.GetType())
            .Where(field => !Items(field.GetValue(module)).All(IsKnown)).Select(field => $"{module.GetType().Name}.{field.Name}")).Distinct()];
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type? type)
    {
        for (; type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
            foreach (var field in type.GetFields(OwnFields))
                yield return field;
    }

    private static IEnumerable<object> Items(object? value) => value switch
    {
        Parameter or nn.Module => [value],
        IDictionary map => map.Values.Cast<object?>().SelectMany(Items),
        IList list => list.Cast<object?>().SelectMany(Items),
        _ => [],
    };
}
