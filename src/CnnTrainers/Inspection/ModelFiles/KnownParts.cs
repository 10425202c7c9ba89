using System.Text.Json.Nodes;
using CnnTrainers.Persistence;

namespace CnnTrainers.Inspection.ModelFiles;

/// <summary>The parts of ML.NET's model files whose payload is read, and names for others that are met often.</summary>
internal static class KnownParts
{
    /// <summary>The part with a loader's name, or null.</summary>
    public static KnownPart? Find(string loader) => Array.Find(All, part => string.Equals(part.Loader, loader, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a loader's part is, in words; the loader's name where that is not known.</summary>
    public static string NameOf(string loader) => Names.FirstOrDefault(one => string.Equals(one.Loader, loader, StringComparison.OrdinalIgnoreCase)).Name ?? loader;

    private static KnownPart[] All { get; } =
    [
        new("TransformerChain", "XF CHAIN", 0x00010001, 0x00010001, "transformer chain", ReadChain),
        new("CompositeLoader", "CMPSTLDR", 0x00010001, 0x00010001, "data loader with transformers", (_, _) => { }),
        new("ImageLoaderTransform", "IMGLOADR", 0x00010003, 0x00010003, "load images", ReadImageLoading),
        new("ImageScalerTransform", "IMGSCALF", 0x00010003, 0x00010003, "resize images", ReadImageResizing),
        new("ImagePixelExtractor", "IMGPXEXT", 0x00010002, 0x00010003, "extract pixels", ReadPixelExtraction),
        new("TermTransform", "TERMTRNF", 0x00010003, 0x00010003, "map values to keys", ReadValueToKey),
        new("TermManager", "TERM MAN", 0x00010002, 0x00010002, "values of keys", ReadVocabulary),
        new("KeyToValueTransform", "KEY2VALT", 0x00010001, 0x00010001, "map keys to values", ReadColumns),
        new("ConcatTransform", "CONCAT F", 0x00010003, 0x00010003, "concatenate columns", ReadConcatenation),
        new("CopyTransform", "COPYCOLT", 0x00010001, 0x00010001, "copy columns", ReadColumns),
        new("SelectColumnsTransform", "SELCOLST", 0x00010001, 0x00010001, "select columns", ReadSelection),
        new("ImageGrayscaleTransform", "IMGGRAYT", 0x00010001, 0x00010001, "convert images to gray", ReadColumns),
        new("ValueMappingTransformer", "VALUMAPG", 0x00010001, 0x00010001, "map values", ReadColumns),
        new("KeyToBinaryTransform", "KEY2BINR", 0x00000001, 0x00000001, "map keys to bits", ReadColumns),
        new("KeyToVectorTransform", "KEY2VECT", 0x00010002, 0x00010002, "map keys to vectors", ReadKeyToVector),
        new("ConvertTransform", "CONVERTF", 0x00010004, 0x00010004, "convert types", ReadConversion),
        new("CustomTransformer", "CUSTOMXF", 0x00010001, 0x00010002, "custom mapping", ReadCustomMapping),
        new("MulticlassPredXfer", "MC  PRED", 0x00010002, 0x00010002, "multiclass prediction", ReadMulticlass),
        new(MLNetInternals.LoaderSignature, "CNN XFER", 0x00010001, 0x00010001, "convolutional network", (part, json) => json["layout"] = part.Payload.I32("the layout's version")),
    ];

    private static readonly (string Loader, string Name)[] Names =
    [
        ("TextLoader", "text loader"), ("BinaryLoader", "binary loader"), ("VectorToImageConverter", "convert vectors to images"),
        ("Normalizer", "normalize"), ("AffineNormExec", "scale and offset"), ("CdfNormalizeFunction", "mean and deviation"),
        ("MultiClassLRExec", "linear multiclass model"), ("ModelStats", "statistics of a model"), ("NAReplaceTransform", "replace missing values"),
        ("HashTransform", "hash"), ("BinaryPredXfer", "binary prediction"), ("RegressionPredXfer", "regression prediction"),
        ("OnnxTransform", "ONNX model"), ("TensorFlowTransform", "TensorFlow model"),
    ];

    private static void ReadChain(PartReader part, JsonObject json) =>
        json["scopes"] = PartReader.Each(part.Count("the number of transformers", 4), _ => JsonValue.Create(part.Payload.I32("a scope")));

    private static void ReadColumns(PartReader part, JsonObject json) => json["columns"] = part.Columns();

    private static void ReadImageLoading(PartReader part, JsonObject json)
    {
        json["columns"] = part.Columns();
        json["folder"] = part.TextOrNull("the image folder");
        json["output"] = part.Payload.Flag("the type of the output") ? "image" : "bytes of the file";
    }

    private static void ReadImageResizing(PartReader part, JsonObject json)
    {
        var columns = part.Columns();
        json["columns"] = columns;
        part.ForEach(columns, column =>
        {
            column["width"] = part.Payload.I32("the width");
            column["height"] = part.Payload.I32("the height");
            column["resizing"] = part.Choice("the kind of resizing", "IsoPad", "IsoCrop", "Fill");
            column["anchor"] = part.Choice("the anchor", "Right", "Left", "Top", "Bottom", "Center");
        });
    }

    private static void ReadPixelExtraction(PartReader part, JsonObject json)
    {
        var columns = part.Columns();
        json["columns"] = columns;
        part.ForEach(columns, column =>
        {
            var colors = part.Payload.U8("the colours");
            column["colors"] = string.Join(", ", new[] { (1, "Alpha"), (2, "Red"), (4, "Green"), (8, "Blue") }.Where(one => (colors & one.Item1) != 0).Select(one => one.Item2));
            column["order"] = part.Version <= 0x00010002 ? "ARGB" : part.Choice("the order of the colours", "", "ARGB", "ARBG", "ABRG", "ABGR", "AGRB", "AGBR");
            column["asFloat"] = part.Payload.Flag("whether the output is float");
            column["offset"] = ViewValues.Number(part.Payload.F32("the offset"));
            column["scale"] = ViewValues.Number(part.Payload.F32("the scale"));
            column["interleaved"] = part.Payload.Flag("whether the output is interleaved");
        });
    }

    private static void ReadValueToKey(PartReader part, JsonObject json)
    {
        var columns = part.Columns();
        json["columns"] = columns;
        part.ForEach(columns, column => column["keyValuesAsText"] = part.Payload.Flag("whether key values are text"));
    }

    private static void ReadKeyToVector(PartReader part, JsonObject json)
    {
        var columns = part.Columns();
        json["columns"] = columns;
        part.ForEach(columns, column => column["counted"] = part.Payload.Flag("whether keys are counted"));
    }

    // The number of a type, with its high bit set where a count of keys follows.
    private static void ReadConversion(PartReader part, JsonObject json)
    {
        string[] types = ["", "SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64", "Single", "Double", "String", "Boolean", "TimeSpan", "DateTime", "DateTimeOffset"];
        var columns = part.Columns();
        json["columns"] = columns;
        part.ForEach(columns, column =>
        {
            var at = part.Payload.Offset;
            var code = part.Payload.U8("the type");
            var type = code & 0x7F;
            column["type"] = type > 0 && type < types.Length ? types[type] : throw new FormatFault("the number of a type, 1 to 15", $"{type}", at);
            if (code > 0x7F)
                column["keys"] = part.Payload.U64("the count of keys");
        });
    }

    private static void ReadVocabulary(PartReader part, JsonObject json) =>
        json["columns"] = PartReader.Each(part.Count("the number of columns", 5), _ => ReadValues(part));

    private static JsonObject ReadValues(PartReader part)
    {
        if (part.Choice("the kind of values", "text", "other") == "text")
            return new JsonObject { ["type"] = "String", ["values"] = part.Texts("values") };
        var type = ViewType.Read(part.Payload);
        var at = part.Payload.Offset;
        var count = part.Payload.I32("the number of values");
        if (count < 0)
            throw new FormatFault("the number of values, 0 or more", $"{count}", at);
        var values = part.Values.Read(part.Payload, type, count) ?? throw new FormatFault("a type of values", $"{type}", at);
        return new JsonObject { ["type"] = type.ToString(), ["values"] = new JsonArray(values) };
    }

    private static void ReadConcatenation(PartReader part, JsonObject json) =>
        json["columns"] = PartReader.Each(part.Count("the number of outputs", 8), _ => new JsonObject
        {
            ["output"] = part.Text("an output column's name"),
            ["inputs"] = PartReader.Each(part.Count("the number of inputs", 8), _ => ReadSource(part)),
        });

    private static JsonNode ReadSource(PartReader part)
    {
        var (name, alias) = (part.Text("an input column's name"), part.TextOrNull("an input column's alias"));
        return alias is null ? JsonValue.Create(name) : new JsonObject { ["name"] = name, ["alias"] = alias };
    }

    private static void ReadSelection(PartReader part, JsonObject json)
    {
        json["kept"] = part.Payload.Flag("whether columns are kept");
        json["keepHidden"] = part.Payload.Flag("whether hidden columns are kept");
        json["ignoreMissing"] = part.Payload.Flag("whether missing columns are ignored");
        json["columns"] = part.Texts("columns");
    }

    private static void ReadCustomMapping(PartReader part, JsonObject json)
    {
        json["contract"] = part.Text("the contract's name");
        if (part.Version >= 0x00010002)
            json["assembly"] = part.Text("the assembly's name");
    }

    private static void ReadMulticlass(PartReader part, JsonObject json)
    {
        foreach (var name in (string[])["features", "label", "score", "predictedLabel"])
            json[name] = part.TextOrNull($"the name of column {name}");
    }
}
