using System.Reflection;

namespace Microsoft.ML.Runtime;

public sealed partial class ComponentCatalog
{
    /// <summary>How to make instances of one class: a static Create, a constructor, or a static property Instance of its loader type.</summary>
    internal sealed class LoadableClassInfo
    {
        internal LoadableClassInfo(LoadableClassAttributeBase attr, MethodInfo getter, ConstructorInfo ctor, MethodInfo create, bool requireEnvironment)
        {
            InstanceGetter = getter;
            Constructor = ctor;
            CreateMethod = create;
            RequireEnvironment = requireEnvironment;
            Type = attr.InstanceType;
            LoaderType = attr.LoaderType;
            ArgType = attr.ArgType;
            ExtraArgCount = attr.CtorTypes.Length;
            Summary = attr.Summary;
            UserName = attr.UserName;
            DocName = attr.DocName;
            LoadNames = attr.LoadNames;
            SignatureTypes = attr.SigTypes;
        }

        public ConstructorInfo Constructor { get; }

        public MethodInfo CreateMethod { get; }

        public MethodInfo InstanceGetter { get; }

        public bool RequireEnvironment { get; }

        public Type Type { get; }

        public Type LoaderType { get; }

        public Type ArgType { get; }

        public string Summary { get; }

        public string UserName { get; }

        public string DocName { get; }

        public bool IsHidden => UserName is null;

        public IReadOnlyList<string> LoadNames { get; }

        public IReadOnlyList<Type> SignatureTypes { get; }

        internal int ExtraArgCount { get; }

        public object CreateArguments() => ArgType is null ? null : Activator.CreateInstance(ArgType);

        public TRes CreateInstance<TRes>(IHostEnvironment env) => (TRes)CreateInstance(env, CreateArguments(), null);

        public TRes CreateInstance<TRes>(IHostEnvironment env, object args, object[] extra) => (TRes)CreateInstance(env, args, extra);

        public object CreateInstance(IHostEnvironment env, object args, object[] extra)
        {
            Contracts.CheckValue(env, nameof(env));
            env.CheckParam(ArgType is null ? args is null : ArgType.IsInstanceOfType(args), nameof(args));
            var all = new List<object>();
            if (RequireEnvironment)
                all.Add(env);
            if (ArgType is not null)
                all.Add(args);
            all.AddRange(extra ?? []);
            return CreateInstanceCore(all.ToArray());
        }

        internal object CreateInstanceCore(object[] ctorArgs)
        {
            try
            {
                if (InstanceGetter is not null)
                    return InstanceGetter.Invoke(null, null);
                return Constructor is not null ? Constructor.Invoke(ctorArgs) : CreateMethod.Invoke(null, ctorArgs);
            }
            catch (TargetInvocationException exception) when (exception.InnerException?.IsMarked() == true)
            {
                // The inner message is made for users; the outer says where it came from.
                throw Contracts.Except(exception, "Error during class instantiation");
            }
        }

        internal static bool TryCreate(LoadableClassAttributeBase attr, out LoadableClassInfo info, out string error)
        {
            info = null;
            error = null;
            MethodInfo getter = attr.ArgType is null && attr.CtorTypes.Length == 0 ? FindInstanceGetter(attr) : null;
            if (getter is not null)
            {
                info = new(attr, getter, null, null, false);
                return true;
            }
            Type[] withoutEnvironment = attr.ArgType is null ? attr.CtorTypes : [attr.ArgType, .. attr.CtorTypes];
            foreach (bool environment in new[] { true, false })
            {
                Type[] parameters = environment ? [typeof(IHostEnvironment), .. withoutEnvironment] : withoutEnvironment;
                ConstructorInfo constructor = FindConstructor(attr, parameters);
                MethodInfo create = FindCreate(attr, parameters);
                if (constructor is null && create is null)
                    continue;
                if (constructor is not null && create is not null && constructor.IsPublic == create.IsPublic)
                {
                    error = $"Can't load type {attr.InstanceType}, because it has both create and constructor methods with the same visibility. "
                        + "Please indicate which one should be used by changing either the signature or the visibility of one of them.";
                    return false;
                }
                bool useCreate = create is not null && (constructor is null || create.IsPublic);
                info = new(attr, null, useCreate ? null : constructor, useCreate ? create : null, environment);
                return true;
            }
            error = $"Can't instantiate class '{attr.InstanceType.Name}': its loader '{attr.LoaderType.Name}' has neither a constructor nor a static "
                + $"method Create that returns {attr.InstanceType.Name} and takes ({string.Join(", ", withoutEnvironment.Select(t => t.Name))}), "
                + $"with {nameof(IHostEnvironment)} first or without";
            return false;
        }

        private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

        private static MethodInfo FindInstanceGetter(LoadableClassAttributeBase attr)
        {
            MethodInfo getter = attr.LoaderType.GetProperty("Instance", Declared | BindingFlags.Static)?.GetMethod;
            return getter?.ReturnType == attr.InstanceType ? getter : null;
        }

        private static ConstructorInfo FindConstructor(LoadableClassAttributeBase attr, Type[] parameters) =>
            attr.InstanceType.IsAssignableFrom(attr.LoaderType)
                ? attr.LoaderType.GetConstructor(Declared | BindingFlags.Instance, null, parameters, null)
                : null;

        private static MethodInfo FindCreate(LoadableClassAttributeBase attr, Type[] parameters)
        {
            MethodInfo create = attr.LoaderType.GetMethod("Create", Declared | BindingFlags.Static, null, parameters, null);
            return create?.ReturnType == attr.InstanceType ? create : null;
        }

        /// <summary>A load name, compared without case, and a signature.</summary>
        internal readonly struct Key : IEquatable<Key>
        {
            public readonly string Name;
            public readonly Type Signature;

            public Key(string name, Type sig)
            {
                Name = name;
                Signature = sig;
            }

            public bool Equals(Key other) => Signature == other.Signature && string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

            public override bool Equals(object obj) => obj is Key other && Equals(other);

            public override int GetHashCode() => HashCode.Combine(Signature, StringComparer.OrdinalIgnoreCase.GetHashCode(Name));
        }
    }
}
