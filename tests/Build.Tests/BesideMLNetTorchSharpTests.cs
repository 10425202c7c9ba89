using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CnnTrainers.Build.Tests;

/// <summary>
/// Microsoft.ML.TorchSharp is compiled against an older TorchSharp than ours. What it uses of it must be there, else its trainers throw
/// MissingMethodException or TypeLoadException: docs/beside-microsoft-ml-torchsharp.md.
/// </summary>
public sealed class BesideMLNetTorchSharpTests : IDisposable
{
    private readonly ModuleDefinition _module =
        ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.TorchSharp.dll"), new ReaderParameters { AssemblyResolver = new Resolver() });

    public void Dispose() => _module.Dispose();

    [Fact]
    public void Everything_of_TorchSharp_that_it_uses_is_there_except_one_method()
    {
        string[] missing = [.. _module.GetTypeReferences().Where(OfTorchSharp).Where(type => type.Resolve() is null).Select(type => type.FullName)
            .Concat(_module.GetMemberReferences().Where(member => OfTorchSharp(member.DeclaringType)).Where(member => !Resolves(member)).Select(member => member.FullName))];

        Assert.Equal(
            ["TorchSharp.torch/Tensor TorchSharp.torch/nn/functional::interpolate(TorchSharp.torch/Tensor,System.Int64[],System.Double[],TorchSharp.torch/InterpolationMode,System.Nullable`1<System.Boolean>,System.Boolean)"],
            missing);
    }

    [Fact]
    public void Only_the_object_detector_uses_the_missing_method()
    {
        string[] users = [.. _module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody)
            .Where(method => method.Body.Instructions.Any(instruction => instruction.OpCode.FlowControl == FlowControl.Call &&
                instruction.Operand is MethodReference called && OfTorchSharp(called.DeclaringType) && called.Name == "interpolate"))
            .Select(method => method.DeclaringType.FullName).Distinct().Order(StringComparer.Ordinal)];

        Assert.NotEmpty(users);
        Assert.All(users, user => Assert.StartsWith("Microsoft.ML.TorchSharp.AutoFormerV2.", user));
    }

    private static bool Resolves(MemberReference member) => member is FieldReference field ? field.Resolve() is not null : ((MethodReference)member).Resolve() is not null;

    private static bool OfTorchSharp(TypeReference type) => type.GetElementType() is var element && element.Scope?.Name == "TorchSharp";

    private sealed class Resolver : DefaultAssemblyResolver
    {
        public Resolver()
        {
            AddSearchDirectory(AppContext.BaseDirectory);
            AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        }
    }
}
