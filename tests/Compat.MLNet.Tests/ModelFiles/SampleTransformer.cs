using Compat.MLNet.Tests.ModelFiles;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(SampleTransformer), null, typeof(SignatureLoadModel), "Sample", SampleTransformer.LoaderSignature)]

namespace Compat.MLNet.Tests.ModelFiles;

/// <summary>Changes nothing; holds a name, a stream of numbers and perhaps a part, to be saved.</summary>
internal sealed class SampleTransformer(string name, float[] weights, SampleTransformer part = null) : ITransformer
{
    public const string LoaderSignature = "SampleTransformer";

    public string Name => name;

    public float[] Weights => weights;

    public SampleTransformer Part => part;

    /// <summary>Set to have saving fail halfway.</summary>
    public Exception Fault { get; init; }

    public bool IsRowToRowMapper => false;

    public static SampleTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version());
        string name = ctx.LoadNonEmptyString();
        var weights = new float[ctx.Reader.ReadInt32()];
        bool found = ctx.TryLoadBinaryStream("Weights", reader =>
        {
            for (int i = 0; i < weights.Length; i++)
                weights[i] = reader.ReadSingle();
        });
        Assert.True(found);
        ctx.LoadModelOrNull<SampleTransformer, SignatureLoadModel>(env, out SampleTransformer part, "Part");
        return new SampleTransformer(name, weights, part);
    }

    public void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version());
        ctx.SaveNonEmptyString(name);
        ctx.Writer.Write(weights.Length);
        ctx.SaveBinaryStream("Weights", writer =>
        {
            foreach (float weight in weights)
                writer.Write(weight);
        });
        if (Fault is not null)
            throw Fault;
        ctx.SaveTextStream("Notes.txt", writer => writer.WriteLine(name));
        if (part is not null)
            ctx.SaveModel(part, "Part");
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IDataView Transform(IDataView input) => input;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new InvalidOperationException("Not row by row");

    private static VersionInfo Version() =>
        new("SAMPLE T", 0x00010001, 0x00010001, 0x00010001, typeof(SampleTransformer).Assembly.FullName, LoaderSignature);
}
