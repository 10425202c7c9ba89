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

    /// <exception cref="NotSupportedException">The function is a lambda, a local function or an instance method.</exception>
    public override void Write(Utf8JsonWriter writer, NetworkMaker value, JsonSerializerOptions options)
    {
        var method = value.Method;
        // The compiler's names for lambdas and local functions change with the code around them.
        if (!method.IsStatic || value.Target is not null || method.Name.Contains('<') || method.DeclaringType is not { } type)
            throw new NotSupportedException(
                $"The network of a CustomArchitecture can be saved where a static method makes it; '{method.Name}' is a lambda, a local function or an instance method, which a file cannot name.");
        writer.WriteStartObject();
        writer.WriteString("type", type.AssemblyQualifiedName);
        writer.WriteString("method", method.Name);
        writer.WriteEndObject();
    }

    /// <exception cref="InvalidDataException">The method cannot be found, or is another one now.</exception>
    public override NetworkMaker Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var (type, method) = (json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("method").GetString()!);
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
