namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>A column's or annotation's type, as a binary data view describes it.</summary>
/// <param name="Name">The name that the file has: <c>Single</c>, <c>TextSpan</c>, <c>VBuffer</c>, …</param>
/// <param name="Item">The type of a vector's items, and a key's raw type; else null.</param>
/// <param name="KeyCount">A key's count.</param>
/// <param name="Dimensions">A vector's dimensions, 0 where unknown.</param>
internal sealed record ViewType(string Name, ViewType? Item, ulong KeyCount, int[] Dimensions)
{
    private const int DeepestNesting = 4, MostDimensions = 64;

    // Names of files of long ago, and the types that they mean.
    private static readonly Dictionary<string, string> OldNames = new()
    {
        ["DvBool"] = "Boolean", ["DvDateTime"] = "DateTime", ["DvDateTimeZone"] = "DateTimeOffset", ["DvTimeSpan"] = "TimeSpan",
    };

    public bool IsVector => Name == "VBuffer";

    public bool IsKey => Name is "Key" or "Key2";

    /// <summary>The type as ML.NET prints it; the file's name for one that is not known here.</summary>
    public override string ToString() => Name switch
    {
        "TextSpan" => "String",
        "Key" or "Key2" => KeyCount == 0 ? $"Key<{Item}>" : $"Key<{Item}, 0-{KeyCount - 1}>",
        "VBuffer" when Dimensions is [0] => $"Vector<{Item}>",
        "VBuffer" => $"Vector<{Item}, {string.Join(", ", Dimensions.Select(size => size > 0 ? $"{size}" : "*"))}>",
        _ => OldNames.GetValueOrDefault(Name, Name),
    };

    /// <summary>Reads a description: a name, the length of the parameters, the parameters.</summary>
    public static ViewType Read(ByteCursor cursor, int depth = 0)
    {
        var at = cursor.Offset;
        if (depth > DeepestNesting)
            throw new FormatFault($"types nested at most {DeepestNesting} deep", "more", at);
        var name = cursor.Text("a type's name");
        if (name.Length is 0 or > 100)
            throw new FormatFault("a type's name of 1 to 100 characters", $"{name.Length}", at);
        var length = cursor.Leb("the size of a type's parameters");
        if (length > cursor.Left)
            throw new FormatFault($"the size of a type's parameters, at most {cursor.Left}", $"{length}", cursor.Offset);
        var parameters = cursor.Part((int)length, "a type's parameters");
        var type = name switch
        {
            "Key2" => new ViewType(name, Read(parameters, depth + 1), parameters.U64("a key's count"), []),
            "Key" => ReadOldKey(parameters, depth),
            "VBuffer" => new ViewType(name, Read(parameters, depth + 1), 0, ReadDimensions(parameters)),
            _ => new ViewType(name, null, 0, []),
        };
        if (type.Item is not null && parameters.Left > 0)
            throw new FormatFault("the end of a type's parameters", $"{parameters.Left} more bytes", parameters.Offset);
        return type;
    }

    private static ViewType ReadOldKey(ByteCursor parameters, int depth)
    {
        var item = Read(parameters, depth + 1);
        parameters.U64("a key's minimum");
        var count = parameters.I32("a key's count");
        parameters.U8("whether a key is contiguous");
        return new ViewType("Key", item, (ulong)Math.Max(0, count), []);
    }

    private static int[] ReadDimensions(ByteCursor parameters)
    {
        var at = parameters.Offset;
        var rank = parameters.Count("the number of dimensions", 4);
        if (rank is 0 or > MostDimensions)
            throw new FormatFault($"1 to {MostDimensions} dimensions", $"{rank}", at);
        var dimensions = new int[rank];
        foreach (ref var size in dimensions.AsSpan())
        {
            at = parameters.Offset;
            size = parameters.I32("a dimension");
            if (size < 0)
                throw new FormatFault("a dimension of 0 or more", $"{size}", at);
        }
        return dimensions;
    }
}
