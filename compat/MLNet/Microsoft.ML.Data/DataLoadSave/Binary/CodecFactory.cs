using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Finds the codec of a type, and the codec that a file describes.</summary>
internal sealed class CodecFactory
{
    private readonly IHostEnvironment _env;
    private readonly Dictionary<Type, IValueCodec> _byRawType;
    private readonly Dictionary<string, IValueCodec> _byName;

    public CodecFactory(IHostEnvironment env)
    {
        Contracts.CheckValue(env, nameof(env));
        _env = env;
        IValueCodec[] simple =
        [
            Number<sbyte>(NumberDataViewType.SByte), Number<byte>(NumberDataViewType.Byte),
            Number<short>(NumberDataViewType.Int16), Number<ushort>(NumberDataViewType.UInt16),
            Number<int>(NumberDataViewType.Int32), Number<uint>(NumberDataViewType.UInt32),
            Number<long>(NumberDataViewType.Int64), Number<ulong>(NumberDataViewType.UInt64),
            Number<float>(NumberDataViewType.Single), Number<double>(NumberDataViewType.Double),
            new PackedCodec<TimeSpan>("TimeSpan", TimeSpanDataViewType.Instance),
            new PackedCodec<DataViewRowId>("DataViewRowId", RowIdDataViewType.Instance),
            new BooleanCodec(), new DateTimeCodec(), new DateTimeOffsetCodec(), new TextCodec(),
        ];
        _byRawType = simple.ToDictionary(codec => codec.Type.RawType);
        _byName = simple.ToDictionary(codec => codec.LoadName);
    }

    /// <summary>False for types that the format does not have: images and other registered types.</summary>
    public bool TryGetCodec(DataViewType type, out IValueCodec codec)
    {
        _env.CheckValue(type, nameof(type));
        codec = type switch
        {
            KeyDataViewType key => Utils.MarshalInvoke(MakeKey<int>, key.RawType, key),
            VectorDataViewType vector when TryGetCodec(vector.ItemType, out IValueCodec item) =>
                Utils.MarshalInvoke(MakeVector<int>, vector.ItemType.RawType, vector, item),
            _ when type.IsStandardScalar() => _byRawType[type.RawType],
            _ => null,
        };
        return codec is not null;
    }

    /// <summary>Writes name and parameters; returns the number of bytes.</summary>
    public int WriteCodec(Stream definitionStream, IValueCodec codec)
    {
        _env.CheckValue(definitionStream, nameof(definitionStream));
        _env.CheckValue(codec, nameof(codec));
        var parameters = new MemoryStream();
        codec.WriteParameterization(parameters);
        var definition = new MemoryStream();
        using (var writer = new BinaryWriter(definition, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(codec.LoadName);
            writer.Write7BitEncodedInt64(parameters.Length);
            writer.Write(parameters.GetBuffer(), 0, (int)parameters.Length);
        }
        definition.WriteTo(definitionStream);
        return (int)definition.Length;
    }

    /// <summary>False, behind the description, for a codec of another name.</summary>
    public bool TryReadCodec(Stream definitionStream, out IValueCodec codec) => TryReadCodec(definitionStream, out codec, 0);

    private bool TryReadCodec(Stream definitionStream, out IValueCodec codec, int depth)
    {
        // A vector of keys is the deepest there is.
        _env.CheckDecode(depth <= 2, "Corrupt binary data view: a type inside a type inside a type");
        _env.CheckValue(definitionStream, nameof(definitionStream));
        using var reader = new BinaryReader(definitionStream, Encoding.UTF8, leaveOpen: true);
        string name = BinaryFormat.ReadText(reader);
        long bytes = reader.Read7BitEncodedInt64();
        _env.CheckDecode(bytes is >= 0 and < 1 << 20, "Corrupt binary data view: the parameters of a type");
        var parameters = new MemoryStream(reader.ReadBytes((int)bytes));
        _env.CheckDecode(parameters.Length == bytes, "Corrupt binary data view: the parameters of a type are cut off");
        codec = name switch
        {
            KeyCodec<int>.Name => ReadKey(parameters, depth),
            VectorCodec<int>.Name => ReadVector(parameters, depth),
            _ => _byName.GetValueOrDefault(name),
        };
        return codec is not null;
    }

    private IValueCodec ReadKey(Stream parameters, int depth)
    {
        if (!TryReadCodec(parameters, out IValueCodec raw, depth + 1))
            return null;
        ulong count = new BinaryReader(parameters).ReadUInt64();
        _env.CheckDecode(KeyDataViewType.IsValidDataType(raw.Type.RawType) && count > 0, "Corrupt binary data view: a key's type");
        int bits = 8 * System.Runtime.InteropServices.Marshal.SizeOf(raw.Type.RawType);
        _env.CheckDecode(bits == 64 || count >> bits == 0, "Corrupt binary data view: a key's count");
        return TryGetCodec(new KeyDataViewType(raw.Type.RawType, count), out IValueCodec codec) ? codec : null;
    }

    private IValueCodec ReadVector(Stream parameters, int depth)
    {
        if (!TryReadCodec(parameters, out IValueCodec item, depth + 1))
            return null;
        var reader = new BinaryReader(parameters);
        int rank = reader.ReadInt32();
        _env.CheckDecode(rank > 0 && item.Type is PrimitiveDataViewType, "Corrupt binary data view: a vector's type");
        int[] dimensions = BinaryFormat.ReadInts(reader, rank);
        long size = 1;
        foreach (int dimension in dimensions)
        {
            _env.CheckDecode(dimension >= 0 && (size *= Math.Max(1, dimension)) <= int.MaxValue, "Corrupt binary data view: a vector's dimensions");
        }
        return TryGetCodec(new VectorDataViewType((PrimitiveDataViewType)item.Type, dimensions), out IValueCodec codec) ? codec : null;
    }

    private static PackedCodec<T> Number<T>(NumberDataViewType type) where T : unmanaged => new(type.ToString(), type);

    private IValueCodec MakeKey<T>(KeyDataViewType type) where T : unmanaged => new KeyCodec<T>(type, (IValueCodec<T>)_byRawType[typeof(T)], this);

    private IValueCodec MakeVector<T>(VectorDataViewType type, IValueCodec item) => new VectorCodec<T>(type, (IValueCodec<T>)item, this);
}
