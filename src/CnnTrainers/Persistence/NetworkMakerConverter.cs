using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using NetworkMaker = System.Func<CnnTrainers.ImageShape, int, TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>>;

namespace CnnTrainers.Persistence;

/// <summary>
/// Stores the function that makes a user's own network as the name of a static method, with its type and assembly, and finds it again by
/// that name: in a process that can load the assembly, nothing has to be registered.
/// </summary>
internal sealed class NetworkMakerConverter : JsonConverter<NetworkMaker>
{
    private const BindingFlags AnyStatic = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Of a function that has no such name it writes none: what was learned is in the file all the same.</summary>
    public override void Write(Utf8JsonWriter writer, NetworkMaker value, JsonSerializerOptions options)
    {
        var isNamed = new CustomArchitecture("any", value).WhyNotNamed is null;
        writer.WriteStartObject();
        writer.WriteString("type", isNamed ? value.Method.DeclaringType!.AssemblyQualifiedName : null);
        writer.WriteString("method", value.Method.Name);
        writer.WriteEndObject();
    }

    /// <exception cref="InvalidDataException">The method cannot be found, or is another one now.</exception>
    public override NetworkMaker Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var method = json.RootElement.GetProperty("method").GetString()!;
        var type = json.RootElement.GetProperty("type").GetString() ?? throw new InvalidDataException(
            $"The network was made by '{method}', a lambda, a local function or an instance method, which a file cannot name. Its weights are in the file: give it as {nameof(CnnTrainerOptions.InitialWeights)} to a fit of a network that a static method makes.");
        try
        {
            var found = Type.GetType(type, throwOnError: true)!.GetMethod(method, AnyStatic, [typeof(ImageShape), typeof(int)])
                ?? throw new MissingMethodException(type, method);
            return found.CreateDelegate<NetworkMaker>();
        }
        catch (Exception fault) when (fault is TypeLoadException or IOException or BadImageFormatException or ArgumentException or MissingMemberException)
        {
            throw new InvalidDataException($"The network is made by the method '{method}' of '{type}', which cannot be found here: {fault.Message}", fault);
        }
    }
}
