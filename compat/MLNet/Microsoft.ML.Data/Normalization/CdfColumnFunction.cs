using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The share of a normal distribution that lies below the value, or below its logarithm. 0 in slots that do not vary.</summary>
internal sealed class CdfColumnFunction<T>(bool isVector, T[] mean, T[] standardDeviation, bool useLog) : ColumnFunction<T>(isVector, mean.Length)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public const string LoaderSignature = "CdfNormalizeFunction";

    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => IsVector
        ? new NormalizingTransformer.CdfNormalizerModelParameters<ImmutableArray<T>>(ImmutableArray.Create(mean), ImmutableArray.Create(standardDeviation), useLog)
        : new NormalizingTransformer.CdfNormalizerModelParameters<T>(mean[0], standardDeviation[0], useLog);

    private static VersionInfo GetVersionInfo() => new(
        modelSignature: "CDFNORMF",
        verWrittenCur: 0x00010001,
        verReadableCur: 0x00010001,
        verWeCanReadBack: 0x00010001,
        loaderSignature: LoaderSignature,
        loaderAssemblyName: typeof(CdfColumnFunction<T>).Assembly.FullName);

    protected override T Map(T value, int slot)
    {
        if (standardDeviation[slot] <= T.Epsilon)
            return T.Zero;
        var position = useLog ? T.CreateTruncating(Math.Log(double.CreateTruncating(value))) : value;
        return T.IsFinite(position) ? Share((position - mean[slot]) / standardDeviation[slot]) : T.Zero;
    }

    // What a sparse vector does not store becomes 0 in ML.NET too, not the share below 0.
    protected override void MapSparse(in VBuffer<T> source, ref VBuffer<T> destination) => MapStored(source, ref destination);

    /// <summary>The approximation of the error function by elementary functions that ML.NET uses, in its mixture of precisions.</summary>
    private static T Share(T x)
    {
        T half = x * x / T.CreateTruncating(2);
        T bent = T.CreateTruncating(0.147) * half;
        double exponent = double.CreateTruncating(-half) * (4 / Math.PI + double.CreateTruncating(bent)) / double.CreateTruncating(T.One + bent);
        return T.CreateTruncating(0.5 + 0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(exponent)));
    }

    // The payload, taken from public sources: i32 size of a number, u8 whether logarithms are taken, i32 slots, means, deviations.
    public override void Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(GetVersionInfo());
        WriteItemSize(ctx.Writer);
        ctx.Writer.Write((byte)(useLog ? 1 : 0));
        ctx.Writer.Write(Size);
        Write(ctx.Writer, mean);
        Write(ctx.Writer, standardDeviation);
        // Nobody reads the list back: it is for people who look into the file.
        ctx.SaveTextStream("CdfNormalizer.txt", WriteList);
    }

    private void WriteList(TextWriter writer)
    {
        writer.WriteLine($"NumNormalizationFeatures={Size}");
        writer.WriteLine($"Log={useLog}");
        for (int i = 0; i < Size; i++)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mean[i]}\t{standardDeviation[i]}"));
    }

    public static CdfColumnFunction<T> Load(ModelLoadContext ctx, DataViewType type)
    {
        ctx.CheckAtModel(GetVersionInfo());
        CheckItemSize(ctx.Reader);
        bool useLog = ctx.Reader.ReadByte() != 0;
        int size = ReadCount(ctx.Reader, 2 * Unsafe.SizeOf<T>());
        CheckSize(size, type);
        T[] mean = Read(ctx.Reader, size);
        return new(type is VectorDataViewType, mean, Read(ctx.Reader, size), useLog);
    }
}
