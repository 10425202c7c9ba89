using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The part of a model file that holds the values of all columns of a <see cref="ValueToKeyMappingTransformer"/>.</summary>
internal static class KeyVocabulary
{
    private const string FolderName = "Vocabulary";
    private const string ListName = "Terms.txt";
    private const byte TextKind = 0;
    private const byte CodecKind = 1;

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "TERM MAN",
        verWrittenCur: 0x00010002,
        verReadableCur: 0x00010002,
        verWeCanReadBack: 0x00010002,
        loaderSignature: "TermManager",
        loaderAssemblyName: typeof(KeyVocabulary).Assembly.FullName);

    public static void Save(IHost host, ModelSaveContext parent, KeyMap[] maps) => parent.SaveSubModel(FolderName, ctx =>
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        ctx.Writer.Write(maps.Length);
        foreach (var map in maps)
        {
            if (map is TextKeyMap text)
                SaveTexts(ctx, text);
            else
                Utils.MarshalActionInvoke(SaveValues<int>, map.ItemType.RawType, host, ctx, map);
        }
        // Nobody reads the list back: it is for people who look into the file.
        ctx.SaveTextStream(ListName, writer => WriteList(writer, maps));
    });

    private static void SaveTexts(ModelSaveContext ctx, TextKeyMap map)
    {
        ctx.Writer.Write(TextKind);
        ctx.Writer.Write(map.Count);
        foreach (string text in map.Texts)
            ctx.SaveNonEmptyString(text);
    }

    private static void SaveValues<T>(IHost host, ModelSaveContext ctx, KeyMap map)
    {
        var factory = new CodecFactory(host);
        host.Check(factory.TryGetCodec(map.ItemType, out var codec), $"Values of type {map.ItemType} cannot be saved");
        ctx.Writer.Write(CodecKind);
        ctx.Writer.Flush();
        factory.WriteCodec(ctx.Writer.BaseStream, codec);
        ctx.Writer.Write(map.Count);
        ((IValueCodec<T>)codec).WriteBlock(ctx.Writer, ((KeyMap<T>)map).Values);
    }

    private static void WriteList(TextWriter writer, KeyMap[] maps)
    {
        foreach (var map in maps)
        {
            string type = map is TextKeyMap ? "" : $" of type '{map.ItemType}'";
            writer.WriteLine($"# Number of terms{type} = {map.Count}");
            int index = 0;
            foreach (string text in map.Texts)
                writer.WriteLine($"{index++}\t{text}");
        }
    }

    public static KeyMap[] Load(IHost host, ModelLoadContext parent, int columns)
    {
        var maps = new KeyMap[columns];
        bool found = parent.TryProcessSubModel(FolderName, ctx =>
        {
            ctx.CheckAtModel(GetVersionInfo());
            host.CheckDecode(ctx.Reader.ReadInt32() == columns);
            for (int i = 0; i < columns; i++)
                maps[i] = Load(host, ctx);
        });
        host.CheckDecode(found, $"Missing {FolderName}");
        return maps;
    }

    private static KeyMap Load(IHost host, ModelLoadContext ctx)
    {
        byte kind = ctx.Reader.ReadByte();
        host.CheckDecode(kind is TextKind or CodecKind, "Unknown kind of vocabulary");
        if (kind == TextKind)
            return LoadTexts(host, ctx);

        host.CheckDecode(new CodecFactory(host).TryReadCodec(ctx.Reader.BaseStream, out var codec), "Unknown type of a vocabulary's values");
        host.CheckDecode(codec.Type is PrimitiveDataViewType, "A vocabulary's values are no vectors");
        return Utils.MarshalInvoke(LoadValues<int>, codec.Type.RawType, host, ctx, codec);
    }

    private static KeyMap LoadTexts(IHost host, ModelLoadContext ctx)
    {
        var values = new ReadOnlyMemory<char>[ctx.ReadCount(leastBytes: sizeof(int))];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            string value = ctx.LoadNonEmptyString();
            host.CheckDecode(seen.Add(value), $"The value '{value}' stands twice in a vocabulary");
            values[i] = value.AsMemory();
        }
        return KeyMap.Create(TextDataViewType.Instance, values);
    }

    private static KeyMap LoadValues<T>(IHost host, ModelLoadContext ctx, IValueCodec codec)
    {
        var values = new T[BinaryFormat.CheckFits<T>(ctx.Reader, ctx.Reader.ReadInt32())];
        ((IValueCodec<T>)codec).ReadBlock(ctx.Reader, values);
        host.CheckDecode(values.Distinct().Count() == values.Length, "A value stands twice in a vocabulary");
        return KeyMap.Create((PrimitiveDataViewType)codec.Type, values);
    }
}
