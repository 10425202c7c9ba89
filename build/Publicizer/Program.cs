using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

// publicizer FOLDER DLL...: writes a copy of each DLL into FOLDER in which every type and member is public.
// Only visibility bits change: names, tokens and sizes stay. The copies are for the compiler and are never deployed;
// at run time IgnoresAccessChecksToAttribute opens the real assemblies.
foreach (string source in args.Skip(1))
{
    byte[] image = File.ReadAllBytes(source);
    Publicize(image);
    string copy = Path.Combine(args[0], Path.GetFileName(source));
    if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(image)) File.WriteAllBytes(copy, image);
}

static void Publicize(byte[] image)
{
    using var pe = new PEReader(new MemoryStream(image));
    MetadataReader metadata = pe.GetMetadataReader();
    int start = pe.PEHeaders.MetadataStartOffset;

    Span<byte> Row(TableIndex table, int row, int column) =>
        image.AsSpan(start + metadata.GetTableMetadataOffset(table) + (row - 1) * metadata.GetTableRowSize(table) + column);

    foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
    {
        TypeAttributes flags = metadata.GetTypeDefinition(handle).Attributes;
        bool nested = !metadata.GetTypeDefinition(handle).GetDeclaringType().IsNil;
        flags = (flags & ~TypeAttributes.VisibilityMask) | (nested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
        BinaryPrimitives.WriteInt32LittleEndian(Row(TableIndex.TypeDef, MetadataTokens.GetRowNumber(handle), 0), (int)flags);
    }
    // Private members stay private: opening backing fields and explicit implementations would only cause ambiguities.
    foreach (FieldDefinitionHandle handle in metadata.FieldDefinitions)
        Open(Row(TableIndex.Field, MetadataTokens.GetRowNumber(handle), 0));
    foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
        Open(Row(TableIndex.MethodDef, MetadataTokens.GetRowNumber(handle), 6));

    // Assembly and private protected become public. Plain protected stays: overrides of it must match.
    static void Open(Span<byte> at)
    {
        var flags = (MethodAttributes)BinaryPrimitives.ReadUInt16LittleEndian(at);
        if ((flags & MethodAttributes.MemberAccessMask) is MethodAttributes.Assembly or MethodAttributes.FamANDAssem)
            BinaryPrimitives.WriteUInt16LittleEndian(at, (ushort)(flags & ~MethodAttributes.MemberAccessMask | MethodAttributes.Public));
    }
}
