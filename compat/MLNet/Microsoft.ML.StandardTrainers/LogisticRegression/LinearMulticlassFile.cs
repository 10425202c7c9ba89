using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>
/// The payload of linear multiclass models, after the size of a float:
/// Int32 features F; Int32 classes C; C floats biases; then the weights, dense as
/// Int32 0; Int32 0; Int32 C·F; C·F floats, class after class; or, where one class's are sparse, as compressed rows:
/// Int32 C+1; C+1 Int32 starts, the first 0; Int32 n; n Int32 indices; Int32 n; n floats.
/// Side stream LabelNames, where the classes have names: C Int32 string numbers. Sub-model ModelStats, where there are statistics.
/// </summary>
internal static class LinearMulticlassFile
{
    public const string StatisticsDirectory = "ModelStats";
    private const string LabelNamesStream = "LabelNames";

    public static void Write(ModelSaveContext ctx, int features, float[] biases, VBuffer<float>[] weights)
    {
        ctx.Writer.Write(features);
        ctx.Writer.Write(biases.Length);
        WriteFloats(ctx.Writer, biases);
        if (Array.TrueForAll(weights, one => one.IsDense))
            WriteDense(ctx.Writer, features, weights);
        else
            WriteSparse(ctx.Writer, weights);
    }

    public static void WriteLabelNames(ModelSaveContext ctx, string[] names)
    {
        if (names is null)
            return;
        ctx.SaveBinaryStream(LabelNamesStream, writer =>
        {
            foreach (string name in names)
                writer.Write(ctx.Strings.Add(name).Id);
        });
    }

    public static (int Features, int Classes, float[] Biases, VBuffer<float>[] Weights) Read(IHost host, ModelLoadContext ctx)
    {
        var reader = new CheckedReader(host, ctx);
        int features = reader.Count();
        int classes = reader.Count();
        host.CheckDecode(features > 0 && classes > 0, "Corrupt model file: a linear model without features or classes");
        float[] biases = reader.Floats(classes);
        int starts = reader.Count();
        return (features, classes, biases, starts == 0 ? ReadDense(host, reader, features, classes) : ReadSparse(host, reader, features, classes, starts));
    }

    public static string[] ReadLabelNames(IHost host, ModelLoadContext ctx, int classes)
    {
        string[] names = null;
        ctx.TryLoadBinaryStream(LabelNamesStream, reader =>
        {
            names = new string[classes];
            for (int i = 0; i < classes; i++)
            {
                int id = reader.ReadInt32();
                host.CheckDecode(id >= 0 && id < ctx.Strings.Length && ctx.Strings[id].Length > 0, "Corrupt model file: the name of a class");
                names[i] = ctx.Strings[id];
            }
        });
        return names;
    }

    private static void WriteDense(BinaryWriter writer, int features, VBuffer<float>[] weights)
    {
        writer.Write(0);
        writer.Write(0);
        writer.Write(checked(features * weights.Length));
        foreach (VBuffer<float> one in weights)
            WriteFloats(writer, one.GetValues());
    }

    private static void WriteSparse(BinaryWriter writer, VBuffer<float>[] weights)
    {
        var stored = Array.ConvertAll(weights, one => one.Items().Where(item => item.Value != 0 || !one.IsDense).ToArray());
        writer.Write(weights.Length + 1);
        int count = 0;
        writer.Write(count);
        foreach (var one in stored)
            writer.Write(count += one.Length);
        writer.Write(count);
        foreach (var item in stored.SelectMany(one => one))
            writer.Write(item.Key);
        writer.Write(count);
        foreach (var item in stored.SelectMany(one => one))
            writer.Write(item.Value);
    }

    private static void WriteFloats(BinaryWriter writer, ReadOnlySpan<float> values) => writer.Write(MemoryMarshal.AsBytes(values));

    private static VBuffer<float>[] ReadDense(IHost host, CheckedReader reader, int features, int classes)
    {
        host.CheckDecode(reader.Count() == 0 && reader.Count() == (long)classes * features, "Corrupt model file: the number of weights");
        var weights = new VBuffer<float>[classes];
        for (int i = 0; i < classes; i++)
            weights[i] = new VBuffer<float>(features, reader.Floats(features));
        return weights;
    }

    private static VBuffer<float>[] ReadSparse(IHost host, CheckedReader reader, int features, int classes, int count)
    {
        host.CheckDecode(count == classes + 1, "Corrupt model file: the number of row starts");
        int[] starts = reader.Ints(count);
        host.CheckDecode(starts[0] == 0 && starts.Zip(starts.Skip(1)).All(pair => pair.First <= pair.Second) && reader.Count() == starts[^1],
            "Corrupt model file: the row starts");
        int[][] indices = Enumerable.Range(0, classes).Select(i => reader.Ints(starts[i + 1] - starts[i])).ToArray();
        host.CheckDecode(indices.All(row => IsRising(row, features)) && reader.Count() == starts[^1], "Corrupt model file: the indices of weights");
        return Array.ConvertAll(indices, row => new VBuffer<float>(features, row.Length, reader.Floats(row.Length), row));
    }

    private static bool IsRising(int[] indices, int limit)
    {
        int last = -1;
        foreach (int index in indices)
        {
            if (index <= last || index >= limit)
                return false;
            last = index;
        }
        return true;
    }

    /// <summary>Makes no array that is longer than what the stream still has.</summary>
    private sealed class CheckedReader(IHost host, ModelLoadContext ctx)
    {
        public int Count()
        {
            int count = ctx.Reader.ReadInt32();
            host.CheckDecode(count >= 0, "Corrupt model file: a negative count");
            return count;
        }

        public float[] Floats(int count) => MemoryMarshal.Cast<byte, float>(Bytes(count, sizeof(float))).ToArray();

        public int[] Ints(int count) => MemoryMarshal.Cast<byte, int>(Bytes(count, sizeof(int))).ToArray();

        private byte[] Bytes(int count, int size)
        {
            Stream stream = ctx.Reader.BaseStream;
            host.CheckDecode((long)count * size <= stream.Length - stream.Position, "Corrupt model file: it is cut off");
            return ctx.Reader.ReadBytes(count * size);
        }
    }
}
