using Microsoft.ML;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(Compat.MLNet.Tests.Core.ByConstructor), null, typeof(SignatureLoadModel), "By constructor", "TestByCtor", "TestByCtorToo")]
[assembly: LoadableClass(typeof(Compat.MLNet.Tests.Core.ByCreate), typeof(Compat.MLNet.Tests.Core.Maker), null, typeof(SignatureLoadModel), "By create", "TestByCreate")]

namespace Compat.MLNet.Tests.Core;

internal sealed class ByConstructor
{
    internal ByConstructor(IHostEnvironment env, ModelLoadContext ctx) => Assert.NotNull(env);
}

internal sealed class ByCreate;

internal static class Maker
{
    private static ByCreate Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ctx is null ? throw env.ExceptDecode("no context") : new ByCreate();
}

public sealed class ComponentCatalogTests
{
    private readonly IHostEnvironment _env = new MLContext();

    public ComponentCatalogTests() => _env.ComponentCatalog.RegisterAssembly(typeof(ComponentCatalogTests).Assembly);

    [Theory]
    [InlineData("TestByCtor", typeof(ByConstructor))]
    [InlineData("testbyctortoo", typeof(ByConstructor))]
    [InlineData("TESTBYCREATE", typeof(ByCreate))]
    public void AClassIsFoundByNameWithoutCase(string name, Type type) =>
        Assert.Equal(type, _env.ComponentCatalog.GetLoadableClassInfo<SignatureLoadModel>(name).Type);

    [Fact]
    public void AnUnknownNameIsNotFound()
    {
        Assert.False(ComponentCatalog.TryCreateInstance<object, SignatureLoadModel>(_env, out object made, "Nope", "", (object)null));
        Assert.Null(made);
    }

    [Fact]
    public void AFaultOfTheMakerIsInside()
    {
        var fault = Assert.Throws<InvalidOperationException>(() =>
            ComponentCatalog.TryCreateInstance<object, SignatureLoadModel>(_env, out _, "TestByCreate", "", [null]));
        Assert.Equal("Error during class instantiation", fault.Message);
        Assert.Equal("no context", fault.InnerException.InnerException.Message);
    }

    [Fact]
    public void RegisteringTwiceChangesNothing()
    {
        int count = _env.ComponentCatalog.GetAllClasses().Length;
        _env.ComponentCatalog.RegisterAssembly(typeof(ComponentCatalogTests).Assembly);
        Assert.Equal(count, _env.ComponentCatalog.GetAllClasses().Length);
    }

    [Theory]
    [InlineData(typeof(Both), "both create and constructor methods with the same visibility")]
    [InlineData(typeof(Neither), "Can't instantiate class 'Neither'")]
    [InlineData(typeof(WrongReturn), "Can't instantiate class 'WrongReturn'")]
    public void AClassThatCannotBeMadeIsRefused(Type type, string message)
    {
        var attribute = new LoadableClassAttribute(type, null, typeof(SignatureLoadModel), "x", "x");
        Assert.False(ComponentCatalog.LoadableClassInfo.TryCreate(attribute, out _, out string error));
        Assert.Contains(message, error);
    }

    [Fact]
    public void APublicCreateComesBeforeAPrivateConstructor()
    {
        var attribute = new LoadableClassAttribute(typeof(Preferred), null, typeof(SignatureLoadModel), "x", "x");
        Assert.True(ComponentCatalog.LoadableClassInfo.TryCreate(attribute, out ComponentCatalog.LoadableClassInfo info, out _));
        Assert.NotNull(info.CreateMethod);
        Assert.Null(info.Constructor);
    }

    [Theory]
    [InlineData("Microsoft.ML.DataView", typeof(DataViewSchema))]
    [InlineData("Microsoft.ML.Core", typeof(ITransformer))]
    [InlineData("Microsoft.ML.Data", typeof(MLContext))]
    public void AnAssemblyLoadsByTheNameThatModelFilesHave(string name, Type type)
    {
        string full = $"{name}, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";
        Assert.Equal(full, type.Assembly.FullName);
        Assert.Same(type.Assembly, System.Reflection.Assembly.Load(full));
    }

    private sealed class Both
    {
        private Both(ModelLoadContext ctx)
        {
        }

        private static Both Create(ModelLoadContext ctx) => new(ctx);
    }

    private sealed class Neither;

    private sealed class WrongReturn
    {
        private static object Create(ModelLoadContext ctx) => null;
    }

    private sealed class Preferred
    {
        private Preferred(ModelLoadContext ctx)
        {
        }

        public static Preferred Create(ModelLoadContext ctx) => new(ctx);
    }
}
