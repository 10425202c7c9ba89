using System.Reflection;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Data.IO;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>
/// The model archive, in the order of its entries: TrainingInfo/Version.txt, the model under TransformerChain (whatever its class),
/// and Schema, an empty binary data view with the columns that the model was fitted on.
/// </summary>
internal static class ModelFile
{
    private const string ModelDirectory = "TransformerChain";
    private const string SchemaEntry = "Schema";

    public static void Save(IHostEnvironment env, ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        using RepositoryWriter repository = RepositoryWriter.CreateNew(stream, env);
        using (Repository.Entry entry = repository.CreateEntry("TrainingInfo", "Version.txt"))
            entry.Stream.Write(Encoding.UTF8.GetBytes(Version() + Environment.NewLine));
        if (model is not null)
            ModelSaveContext.SaveModel(repository, model, ModelDirectory);
        if (inputSchema is not null)
        {
            using Repository.Entry entry = repository.CreateEntry(SchemaEntry);
            var saver = new BinarySaver(env, new BinarySaver.Arguments());
            DataSaverUtils.SaveDataView(env, saver, new EmptyDataView(env, inputSchema), entry.Stream, keepHidden: true);
        }
        repository.Commit();
    }

    public static ITransformer Load(IHostEnvironment env, Stream stream, string source, out DataViewSchema inputSchema)
    {
        RepositoryReader repository;
        try
        {
            repository = RepositoryReader.Open(stream, env);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{source} is not a model file: it is no zip archive, or it is cut off. {exception.Message}", exception).Process(env);
        }
        using (repository)
            return Load(env, repository, source, out inputSchema);
    }

    private static ITransformer Load(IHostEnvironment env, RepositoryReader repository, string source, out DataViewSchema inputSchema)
    {
        inputSchema = LoadSchema(env, repository);
        if (ModelLoadContext.LoadModelOrNull<ITransformer, SignatureLoadModel>(env, out ITransformer model, repository, ModelDirectory))
            return model;
        if (inputSchema is not null)
            throw env.ExceptDecode("Corrupt model file: {0} has a schema, and no model", source);
        throw env.ExceptDecode("Could not load legacy format model: {0} has no entry '{1}/{2}'", source, ModelDirectory, ModelLoadContext.ModelStreamName);
    }

    private static DataViewSchema LoadSchema(IHostEnvironment env, RepositoryReader repository)
    {
        using Repository.Entry entry = repository.OpenEntryOrNull(SchemaEntry);
        return entry is null ? null : new BinaryLoader(env, entry.Stream).Schema;
    }

    private static string Version() =>
        typeof(ITransformer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion;
}
