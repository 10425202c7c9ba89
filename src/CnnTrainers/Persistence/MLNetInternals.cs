using System.Runtime.CompilerServices;
using CnnTrainers.Persistence;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

// The only file that touches ML.NET's internals, but for MLNetOnnx.cs, and the whole list of them: writing and reading sub-models,
// SchemaShape.Column's constructor and SchemaShape.Create, the environment of a catalog, the model operations of an environment, the card that
// an environment names, whether one is cancelled, cursors on many threads. The build compiles against publicized copies of the two assemblies (build/Publicizer); at run time the attribute below opens the real ones.
// CnnTrainers and CnnTrainers.Pipelines both compile it, each with a SavedComponent of its own: what it saves, and under which names.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(typeof(SavedTransformer), typeof(MLNetInternals.Loader), null, typeof(SignatureLoadModel),
    SavedComponent.FriendlyName, SavedComponent.LoaderSignature)]

namespace CnnTrainers.Persistence
{
    internal static class MLNetInternals
    {
        // The versions: the one written, the oldest code that can read it, the oldest file that this code reads.
        private static VersionInfo Version => new(
            modelSignature: SavedComponent.ModelSignature, verWrittenCur: 0x00010001, verReadableCur: 0x00010001, verWeCanReadBack: 0x00010001,
            loaderAssemblyName: typeof(SavedTransformer).Assembly.FullName, loaderSignature: SavedComponent.LoaderSignature);

        /// <summary>Reads a named stream, if there is one.</summary>
        public delegate bool TryRead(string name, Action<Stream> read);

        /// <summary>Writes a payload of one number, and named streams beside it.</summary>
        public static void Save(ModelSaveContext ctx, int payload, params IEnumerable<(string Name, Action<Stream> Write)> streams)
        {
            ctx.CheckAtModel();
            ctx.SetVersionInfo(Version);
            ctx.Writer.Write(payload);
            foreach (var (name, write) in streams)
                ctx.SaveBinaryStream(name, writer =>
                {
                    writer.Flush();
                    write(writer.BaseStream);
                });
        }

        /// <summary>The environment that a catalog such as <c>MulticlassClassification.Trainers</c> belongs to.</summary>
        public static IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase catalog) => CatalogUtils.GetEnvironment(catalog);

        /// <summary>The environment that a catalog such as <c>Transforms</c> belongs to.</summary>
        public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

        /// <summary>Cursors that share the rows of one among so many threads, as ML.NET's own transforms do.</summary>
        public static DataViewRowCursor[] Split(IHost host, DataViewRowCursor cursor, int count) => DataViewUtils.CreateSplitCursors(host, cursor, count);

        /// <summary>A cursor over a view that reads it on several threads, in order; null where one thread will do.</summary>
        public static DataViewRowCursor? Parallel(IHost host, IDataView view, IEnumerable<DataViewSchema.Column> columns, Random? rand) =>
            DataViewUtils.TryCreateConsolidatingCursor(out var cursor, view, columns, host, rand) ? cursor : null;

        /// <summary>What saves and loads models in an environment, with the components that were registered there.</summary>
        public static ModelOperationsCatalog ModelsOf(IHostEnvironment env) => new(env);

        /// <summary>The card that an environment names, and whether the processor may stand in for it.</summary>
        public static (int? Card, bool FallbackToCpu) CardOf(IHostEnvironment env) =>
            env is IHostEnvironmentInternal known ? (known.GpuDeviceId, known.FallbackToCpu) : (null, true);

        /// <summary>Whether the work of an environment is not wanted any more.</summary>
        public static bool IsCanceled(IHostEnvironment env) => env is ICancelable { IsCanceled: true };

        public static SchemaShape.Column Column(
            string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey = false, SchemaShape? annotations = null) =>
            new(name, kind, itemType, isKey, annotations);

        public static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShape.Create(schema);

        /// <summary>What ML.NET calls when it meets <see cref="SavedComponent.LoaderSignature"/> in a model file.</summary>
        internal static class Loader
        {
            internal static SavedTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
            {
                ctx.CheckAtModel(Version);
                var payload = ctx.Reader.ReadInt32();
                return SavedComponent.Load(env, payload, (name, read) => ctx.TryLoadBinaryStream(name, reader => read(reader.BaseStream)));
            }
        }
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>The runtime, not the compiler, honours this name: the assembly that carries it may use another one's internals.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
