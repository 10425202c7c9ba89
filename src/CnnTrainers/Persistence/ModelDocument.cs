using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CnnTrainers.Estimators;
using CnnTrainers.Training;

namespace CnnTrainers.Persistence;

/// <summary>Model.json: all of a <see cref="CnnModel"/> as text that people and other programs can read.</summary>
internal sealed record ModelDocument
{
    /// <summary>The newest version. It grows when an older reader would misunderstand the file; a file has the oldest that its reader needs.</summary>
    public const int CurrentVersion = 3;

    private const string FormatName = "CnnTrainers model";

    private const int MostFeatures = 1 << 20;

    // Read-only properties are computed from the others, so they are not stored.
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        Converters = { new NetworkMakerConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { DropReadOnly } },
    };

    public required string Format { get; init; }

    public required int Version { get; init; }

    public required Network Architecture { get; init; }

    public required Images Input { get; init; }

    public required Labels Classes { get; init; }

    public required ColumnNames Columns { get; init; }

    public required TrainingSummary Training { get; init; }

    /// <summary>A family and the data of one of its variants, so that variants outside the registry come back too.</summary>
    internal sealed record Network(string Family, JsonElement Variant);

    /// <summary>What goes into the network: (x - mean) / std for every raw pixel value x of a channel.</summary>
    /// <param name="Shape">Channels, height and width.</param>
    /// <param name="Interleaved">Whether the feature column is height × width × channels.</param>
    /// <param name="Mean">One value per channel.</param>
    /// <param name="Std">One value per channel.</param>
    /// <param name="SkipUnreadableImages">Whether rows without a readable image get missing outputs.</param>
    /// <param name="TestTimeAugmentation">Which views are averaged, since version 2; missing for the image alone.</param>
    internal sealed record Images(
        ImageShape Shape, bool Interleaved, float[] Mean, float[] Std, bool SkipUnreadableImages,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TestTimeAugmentation = null);

    /// <summary>The classes in the order of the network's outputs; without values they are only counted.</summary>
    internal sealed record Labels(int Count, string? ValueType, IReadOnlyList<string>? Values);

    /// <summary>The columns' names. The last one, since version 3, is that of what the last layer gets; missing where it is not wanted.</summary>
    internal sealed record ColumnNames(
        string Features, string Label, string Score, string PredictedLabel, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] FeaturesColumn? LastLayer = null);

    public static byte[] Write(CnnModel model)
    {
        var classes = model.Classes;
        var views = model.TestTimeAugmentation == TestTimeAugmentation.None ? null : model.TestTimeAugmentation.Name;
        return JsonSerializer.SerializeToUtf8Bytes(new ModelDocument
        {
            Format = FormatName,
            Version = model.Features is not null ? CurrentVersion : views is not null ? 2 : 1,
            Architecture = new(model.Architecture.GetType().Name, JsonSerializer.SerializeToElement(model.Architecture, model.Architecture.GetType(), Json)),
            Input = new(model.Shape, model.Format.Interleaved, model.Normalization.Mean, model.Normalization.Std, model.SkipUnreadableImages, views),
            Classes = new(classes.Count, classes.Kind?.Name, classes.Kind is null ? null : classes.Names),
            Columns = new(model.FeatureColumnName, model.LabelColumnName, model.ScoreColumnName, model.PredictedLabelColumnName, model.Features),
            Training = model.Summary,
        }, Json);
    }

    /// <exception cref="InvalidDataException">The text is not a model of a version that this library reads, or its parts contradict each other.</exception>
    public static CnnModel Read(byte[] text) => Guarded(() => Parse(text).ToModel());

    /// <summary>The document alone: nothing that it names is looked for, and nothing is built.</summary>
    /// <exception cref="InvalidDataException">The text is not a model of a version that this library reads, or its parts contradict each other.</exception>
    public static ModelDocument Parse(byte[] text) => Guarded(() =>
    {
        CheckVersion(text);
        var document = JsonSerializer.Deserialize<ModelDocument>(text, Json)!;
        document.Check();
        return document;
    });

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is JsonException or FormatException or OverflowException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            // Without the cause: ML.NET puts exceptions around this one, and who looks for the first cause is to find these words.
            throw new InvalidDataException($"{NetworkFile.DescriptionName} is damaged: {fault.Message}");
        }
    }

    private static void CheckVersion(byte[] text)
    {
        using var json = JsonDocument.Parse(text);
        if (!json.RootElement.TryGetProperty("format", out var format) || format.GetString() != FormatName)
            throw new InvalidDataException($"{NetworkFile.DescriptionName} does not describe a {FormatName}.");
        var version = json.RootElement.GetProperty("version").GetInt32();
        if (version is < 1 or > CurrentVersion)
            throw new InvalidDataException($"{NetworkFile.DescriptionName} has version {version}; this library reads version 1 to {CurrentVersion}. Update CnnTrainers.");
    }

    private CnnModel ToModel()
    {
        var model = new CnnModel
        {
            Architecture = ArchitectureOf(Architecture),
            Format = new ImageFormat(Input.Shape, Input.Interleaved),
            Normalization = new Normalization(Input.Mean, Input.Std),
            Classes = LabelsOf(Classes),
            FeatureColumnName = Columns.Features,
            LabelColumnName = Columns.Label,
            ScoreColumnName = Columns.Score,
            PredictedLabelColumnName = Columns.PredictedLabel,
            Features = Columns.LastLayer,
            SkipUnreadableImages = Input.SkipUnreadableImages,
            TestTimeAugmentation = TestTimeAugmentation.Get(Input.TestTimeAugmentation ?? TestTimeAugmentation.None.Name),
            Summary = Training,
        };
        model.Architecture.Validate(model.Shape, model.Classes.Count);
        return model;
    }

    private void Check()
    {
        object?[] needed = [Architecture.Family, Input.Mean, Input.Std, Columns.Features, Columns.Label, Columns.Score, Columns.PredictedLabel, Training.Architecture, Training.History];
        if (needed.Contains(null) || Training.History.Contains(null!) || Classes.Values?.Contains(null!) == true)
            throw new InvalidDataException($"{NetworkFile.DescriptionName} is damaged: a field is missing.");
        Input.Shape.Validate("shape");
        if (Columns.LastLayer is { } last && (string.IsNullOrEmpty(last.Name) || last.Count is < 1 or > MostFeatures))
            throw new InvalidDataException($"{NetworkFile.DescriptionName}: expected a column of 1 to {MostFeatures} features, got '{last.Name}' of {last.Count}.");
        if (Input.Mean.Length != Input.Shape.Channels || Input.Std.Length != Input.Shape.Channels)
            throw new InvalidDataException($"{NetworkFile.DescriptionName}: expected mean and std of {Input.Shape.Channels} channels, got {Input.Mean.Length} and {Input.Std.Length}.");
        if (Classes.Count is < 2 or > ClassLabels.MostClasses)
            throw new InvalidDataException($"{NetworkFile.DescriptionName}: expected 2 to {ClassLabels.MostClasses} classes, got {Classes.Count}.");
        if (Classes.ValueType is not null && Classes.Values?.Count != Classes.Count)
            throw new InvalidDataException($"{NetworkFile.DescriptionName}: expected {Classes.Count} class values, got {Classes.Values?.Count ?? 0}.");
    }

    private static CnnArchitecture ArchitectureOf(Network network)
    {
        var family = Array.Find(typeof(CnnArchitecture).Assembly.GetTypes(), type => type.Name == network.Family && type.IsSubclassOf(typeof(CnnArchitecture)))
            ?? throw new InvalidDataException($"{NetworkFile.DescriptionName}: this library has no family of architectures '{network.Family}'.");
        return (CnnArchitecture)network.Variant.Deserialize(family, Json)!;
    }

    private static ClassLabels LabelsOf(Labels labels)
    {
        if (labels.ValueType is null)
            return ClassLabels.Unnamed(labels.Count);
        var kind = LabelValueKind.All.FirstOrDefault(kind => kind.Name == labels.ValueType)
            ?? throw new InvalidDataException($"{NetworkFile.DescriptionName}: there is no label type '{labels.ValueType}'.");
        return kind.Parse(labels.Values!);
    }

    private static void DropReadOnly(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        for (var at = type.Properties.Count - 1; at >= 0; at--)
            if (type.Properties[at].AttributeProvider is System.Reflection.PropertyInfo { CanWrite: false })
                type.Properties.RemoveAt(at);
    }
}
