#nullable disable
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Compat.Conformance;

/// <summary>What a compiled assembly uses of ML.NET and TorchSharp, from its metadata: types, members, and what it overrides and implements.</summary>
public sealed class UsedMembers : IDisposable
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly Assembly assembly;
    private readonly PEReader file;
    private readonly MetadataReader metadata;
    private readonly Dictionary<Assembly, (PEReader File, MetadataReader Metadata)> published = [];

    public UsedMembers(Assembly assembly)
    {
        this.assembly = assembly;
        file = new PEReader(File.OpenRead(assembly.Location));
        metadata = file.GetMetadataReader();
    }

    /// <summary>The names of the types used, with the signatures of the members used, as the listings write them.</summary>
    public IEnumerable<(Type Type, MemberInfo Member)> All() => Types().Select(type => (type, (MemberInfo)null))
        .Concat(References().Concat(Overridden()).Distinct().Select(member => (member.DeclaringType, member)));

    /// <summary>What is used and does not stand in the listing.</summary>
    public IReadOnlyList<string> Unlisted(Listing listing) => [.. All().Where(used => !IsListed(listing, used.Type, used.Member))
        .Select(used => used.Member is null ? TypeNames.Of(used.Type) : ListingPrinter.Line(used.Member)).Distinct().Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        file.Dispose();
        foreach (var (open, _) in published.Values) open.Dispose();
    }

    private static bool IsListed(Listing listing, Type type, MemberInfo member)
    {
        if (member is null) return listing.Types.ContainsKey(TypeNames.Of(type)) || listing.Types.Values.Any(line => line.Contains(TypeNames.Of(type) + "/*internal*/"));
        if (typeof(Delegate).IsAssignableFrom(type)) return true;
        string line = ListingPrinter.Line(member);
        return listing.Has(line) || line.Contains(" override ") || ListingPrinter.Members(type).Where(listing.Has).Any(visible => IsSameProperty(visible, member));
    }

    // A listing of public members leaves out a property's internal setter.
    private static bool IsSameProperty(string visible, MemberInfo member) =>
        member is PropertyInfo && visible.Contains("  prop  ") && visible.Contains($" {member.Name} {{ ");

    private static bool IsPublished(string name) => name.StartsWith("Microsoft.ML", StringComparison.Ordinal) || name is "Microsoft.Extensions.ML" or "TorchSharp";

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private IEnumerable<Type> Types() => metadata.TypeReferences.Select(Resolve).Where(type => type is not null);

    private Type Resolve(TypeReferenceHandle handle)
    {
        (string name, string owner) = FullName(handle);
        return owner is not null && IsPublished(owner) ? Assembly.Load(owner).GetType(name, throwOnError: true) : null;
    }

    private (string Name, string Assembly) FullName(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
        {
            (string outer, string owner) = FullName((TypeReferenceHandle)type.ResolutionScope);
            return ($"{outer}+{name}", owner);
        }
        string space = type.Namespace.IsNil ? "" : metadata.GetString(type.Namespace) + ".";
        return (space + name, type.ResolutionScope.Kind != HandleKind.AssemblyReference ? null
            : metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name));
    }

    private IEnumerable<MemberInfo> References()
    {
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference reference = metadata.GetMemberReference(handle);
            Type type = ParentOf(reference);
            if (type is null) continue;
            string name = metadata.GetString(reference.Name);
            if (!type.IsArray) yield return Find(type, name, Signature(metadata, reference.Signature)) ?? throw new InvalidDataException($"{type}.{name} was not found.");
        }
    }

    private Type ParentOf(MemberReference reference)
    {
        if (reference.Parent.Kind == HandleKind.TypeReference) return Resolve((TypeReferenceHandle)reference.Parent);
        if (reference.Parent.Kind != HandleKind.TypeSpecification) return null;
        BlobReader blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)reference.Parent).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        blob.ReadSignatureTypeCode();
        EntityHandle generic = blob.ReadTypeHandle();
        return generic.Kind == HandleKind.TypeReference ? Resolve((TypeReferenceHandle)generic) : null;
    }

    // Both sides are read from metadata, so that their signatures are alike to the letter.
    private MemberInfo Find(Type type, string name, string signature)
    {
        for (Type at = type; at is not null && IsPublished(at.Assembly.GetName().Name); at = at.BaseType is { } parent ? Definition(parent) : null)
        {
            MetadataReader there = MetadataOf(at.Assembly);
            TypeDefinition definition = there.GetTypeDefinition((TypeDefinitionHandle)MetadataTokens.EntityHandle(at.MetadataToken));
            foreach (MethodDefinitionHandle handle in definition.GetMethods())
                if (there.GetMethodDefinition(handle) is var method && there.GetString(method.Name) == name && Signature(there, method.Signature) == signature)
                    return Owner(at.Module.ResolveMethod(MetadataTokens.GetToken(handle)));
            foreach (FieldDefinitionHandle handle in definition.GetFields())
                if (there.GetString(there.GetFieldDefinition(handle).Name) == name)
                    return at.Module.ResolveField(MetadataTokens.GetToken(handle));
        }
        return null;
    }

    private static string Signature(MetadataReader reader, BlobHandle handle)
    {
        BlobReader blob = reader.GetBlobReader(handle);
        if (blob.ReadSignatureHeader().Kind == SignatureKind.Field) return "field";
        blob = reader.GetBlobReader(handle);
        MethodSignature<string> signature = new SignatureDecoder<string, object>(SignatureText.Instance, reader, null).DecodeMethodSignature(ref blob);
        return $"{signature.Header.IsInstance} {signature.ReturnType}`{signature.GenericParameterCount}({string.Join(", ", signature.ParameterTypes)})";
    }

    private MetadataReader MetadataOf(Assembly owner)
    {
        if (!published.TryGetValue(owner, out var open))
        {
            var pe = new PEReader(File.OpenRead(owner.Location));
            published[owner] = open = (pe, pe.GetMetadataReader());
        }
        return open.Metadata;
    }

    // The listings name properties and events, not their accessors.
    private static MemberInfo Owner(MethodBase method) => method is not MethodInfo { IsSpecialName: true } accessor ? method
        : (MemberInfo)method.DeclaringType.GetProperties(Declared).FirstOrDefault(property => property.GetMethod == accessor || property.SetMethod == accessor)
            ?? method.DeclaringType.GetEvents(Declared).FirstOrDefault(e => e.AddMethod == accessor || e.RemoveMethod == accessor)
            ?? (MemberInfo)method;

    private IEnumerable<MemberInfo> Overridden() => assembly.GetTypes().SelectMany(type => type.GetMethods(Declared & ~BindingFlags.Static))
        .Where(method => method.IsVirtual && !method.Attributes.HasFlag(MethodAttributes.NewSlot)).Select(method => method.GetBaseDefinition())
        .Where(method => IsPublished(method.DeclaringType.Assembly.GetName().Name) && method.DeclaringType.Assembly != assembly)
        .Select(method => Owner(method.Module.ResolveMethod(method.MetadataToken)));

    /// <summary>What the listed base types and interfaces of the assembly's types demand, and the assemblies at hand do not have.</summary>
    public IReadOnlyList<string> Unfulfilled(Listing listing)
    {
        HashSet<string> parents = assembly.GetTypes().SelectMany(Parents).Select(TypeNames.Of).ToHashSet();
        HashSet<string> had = assembly.GetTypes().SelectMany(Parents).Distinct()
            .SelectMany(type => type.GetMembers(Declared)).Where(IsOpen).Select(ListingPrinter.Line).ToHashSet();
        return [.. listing.Members.Where(line => parents.Contains(line.Split("  ")[0]) && IsDemanded(listing, line) && !had.Contains(line))];
    }

    private static bool IsOpen(MemberInfo member) =>
        member is MethodBase { IsPrivate: false } or PropertyInfo { GetMethod.IsPrivate: false } or PropertyInfo { SetMethod.IsPrivate: false };

    private static bool IsDemanded(Listing listing, string line) =>
        line.Contains(" abstract ") || listing.Types[line.Split("  ")[0]].Contains(" interface ");

    private IEnumerable<Type> Parents(Type type)
    {
        for (Type parent = type.BaseType; parent is not null; parent = parent.BaseType)
            if (parent.Assembly != assembly && IsPublished(parent.Assembly.GetName().Name)) yield return Definition(parent);
        foreach (Type contract in type.GetInterfaces())
            if (contract.Assembly != assembly && IsPublished(contract.Assembly.GetName().Name)) yield return Definition(contract);
    }
}
