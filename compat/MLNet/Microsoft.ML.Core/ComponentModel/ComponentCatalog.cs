using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The classes that model files may name, of the assemblies registered with one environment.</summary>
public sealed partial class ComponentCatalog
{
    private readonly object _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly List<LoadableClassInfo> _classes = [];
    private readonly Dictionary<LoadableClassInfo.Key, LoadableClassInfo> _byName = [];
    private readonly Dictionary<(Type Attribute, string Contract), Type> _extensions = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        Contracts.CheckValue(assembly, nameof(assembly));
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (LoadableClassAttributeBase attribute in assembly.GetCustomAttributes<LoadableClassAttributeBase>())
                AddClass(attribute, throwOnError);
            foreach (Type type in TypesOf(assembly))
                AddExtensions(type, throwOnError);
        }
    }

    internal LoadableClassInfo[] GetAllClasses()
    {
        lock (_lock)
            return _classes.ToArray();
    }

    internal LoadableClassInfo GetLoadableClassInfo<TSig>(string loadName) => GetLoadableClassInfo(loadName, typeof(TSig));

    internal LoadableClassInfo GetLoadableClassInfo(string loadName, Type signatureType)
    {
        Contracts.CheckValue(loadName, nameof(loadName));
        Contracts.CheckParam(signatureType?.BaseType == typeof(MulticastDelegate), nameof(signatureType), "signatureType must be a delegate type");
        lock (_lock)
            return _byName.GetValueOrDefault(new(loadName.Trim(), signatureType));
    }

    /// <summary>Makes the class that was declared with <see cref="ExtensionBaseAttribute"/> for the contract, by its parameterless constructor.</summary>
    internal object GetExtensionValue(IHostEnvironment env, Type attributeType, string contractName)
    {
        Contracts.CheckValue(attributeType, nameof(attributeType));
        Contracts.CheckValue(contractName, nameof(contractName));
        Type found;
        lock (_lock)
            _extensions.TryGetValue((attributeType, contractName), out found);
        if (found is null)
            throw env.Except("Could not find a type with {0} attribute and contract name '{1}'", attributeType.Name, contractName);
        ConstructorInfo constructor = found.GetConstructor([])
            ?? throw env.Except("Could not find a parameterless constructor of '{0}', the type with {1} attribute and contract name '{2}'",
                found.FullName, attributeType.Name, contractName);
        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
    }

    internal static bool TryCreateInstance<TRes, TSig>(IHostEnvironment env, out TRes result, string name, string options, params object[] extra)
        where TRes : class =>
        TryCreateInstance(env, typeof(TSig), out result, name, options, extra);

    internal static bool TryCreateInstance<TRes>(IHostEnvironment env, Type signatureType, out TRes result, string name, string options, params object[] extra)
        where TRes : class
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckParam(string.IsNullOrEmpty(options), nameof(options), "Components of model files take no options");
        LoadableClassInfo info = env.ComponentCatalog.GetLoadableClassInfo(name, signatureType);
        if (info is null)
        {
            result = null;
            return false;
        }
        env.Check(info.ExtraArgCount == (extra?.Length ?? 0), "Wrong number of extra parameters");
        env.Check(typeof(TRes).IsAssignableFrom(info.Type), $"'{name}' makes a {info.Type}, where a {typeof(TRes)} is expected");
        result = (TRes)info.CreateInstance(env, info.CreateArguments(), extra);
        return true;
    }

    internal static TRes CreateInstance<TRes>(IHostEnvironment env, Type signatureType, string name, string options, params object[] extra)
        where TRes : class =>
        TryCreateInstance(env, signatureType, out TRes result, name, options, extra)
            ? result
            : throw Contracts.Except("Unknown loadable class: {0} for {1}", name, SignatureToString(signatureType)).MarkSensitive(MessageSensitivity.None);

    internal static string SignatureToString(Type sig)
    {
        Contracts.CheckParam(sig?.BaseType == typeof(MulticastDelegate), nameof(sig), "Must be a delegate type");
        return sig.Name.StartsWith("Signature", StringComparison.Ordinal) ? sig.Name["Signature".Length..] : sig.Name;
    }

    private void AddClass(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        if (!LoadableClassInfo.TryCreate(attribute, out LoadableClassInfo info, out string error))
        {
            if (throwOnError)
                throw Contracts.Except(error);
            return;
        }
        _classes.Add(info);
        foreach (Type signature in attribute.SigTypes)
            foreach (string name in attribute.LoadNames)
                if (!_byName.TryAdd(new(name, signature), info) && _byName[new(name, signature)].LoaderType != info.LoaderType && throwOnError)
                    throw Contracts.Except("ComponentCatalog cannot map name '{0}' and {1} to {2}, because it already maps to {3}",
                        name, SignatureToString(signature), info.LoaderType, _byName[new(name, signature)].LoaderType);
    }

    private void AddExtensions(Type type, bool throwOnError)
    {
        foreach (ExtensionBaseAttribute attribute in type.GetCustomAttributes<ExtensionBaseAttribute>(inherit: false))
            if (!_extensions.TryAdd((attribute.GetType(), attribute.ContractName), type) && throwOnError)
                throw Contracts.Except("ComponentCatalog cannot map the contract name '{0}' of {1} to {2}, because it already maps to {3}",
                    attribute.ContractName, attribute.GetType().Name, type, _extensions[(attribute.GetType(), attribute.ContractName)]);
    }

    /// <summary>The types that load; a user's assembly may have references that are absent at run time.</summary>
    private static IEnumerable<Type> TypesOf(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            return exception.Types.Where(type => type is not null);
        }
    }
}
