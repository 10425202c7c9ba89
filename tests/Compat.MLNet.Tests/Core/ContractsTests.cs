using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Compat.MLNet.Tests.Core;

public sealed class ContractsTests
{
    [Fact]
    public void ASchemaMismatchSaysWhatWasExpectedAndWhatCame()
    {
        Exception fault = Contracts.ExceptSchemaMismatch("inputSchema", "input", "S", "Single", "String");
        Assert.IsType<ArgumentOutOfRangeException>(fault);
        Assert.Equal("Schema mismatch for input column 'S': expected Single, got String (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void AMissingColumnIsNamed()
    {
        Exception fault = Contracts.ExceptSchemaMismatch("inputSchema", "feature", "Features");
        Assert.IsType<ArgumentOutOfRangeException>(fault);
        Assert.Equal("Could not find feature column 'Features' (Parameter 'inputSchema')", fault.Message);
    }

    [Fact]
    public void ExceptionsAreMarkedAndOfTheirType()
    {
        Assert.True(Contracts.Except("x").IsMarked());
        Assert.IsType<InvalidOperationException>(Contracts.Except("{0} is {1}", "a", 1));
        Assert.Equal("a is 1", Contracts.Except("{0} is {1}", "a", 1).Message);
        Assert.IsType<FormatException>(Contracts.ExceptDecode("x"));
        Assert.IsType<IOException>(Contracts.ExceptIO("x"));
        Assert.False(new Exception().IsMarked());
    }

    [Fact]
    public void ChecksThrowByTheirKind()
    {
        IExceptionContext context = new MLContext();
        var range = Assert.Throws<ArgumentOutOfRangeException>(() => context.CheckUserArg(false, "testFraction", "Must be between 0 and 1 exclusive"));
        Assert.Equal("Must be between 0 and 1 exclusive (Parameter 'testFraction')", range.Message);
        Assert.Throws<ArgumentNullException>(() => context.CheckValue((string)null, "p"));
        Assert.Throws<ArgumentException>(() => context.CheckNonEmpty("", "p"));
        Assert.Throws<ArgumentException>(() => context.CheckNonWhiteSpace(" ", "p"));
        Assert.Throws<FormatException>(() => context.CheckDecode(false, "bad"));
        context.Check(true, "fine");
    }

    [Fact]
    public void SensitivitiesAddUp()
    {
        Exception fault = new Exception().MarkSensitive(MessageSensitivity.Schema).MarkSensitive(MessageSensitivity.UserData);
        Assert.Equal(MessageSensitivity.Schema | MessageSensitivity.UserData, fault.Sensitivity());
        Assert.Equal(MessageSensitivity.None, new Exception().Sensitivity());
    }
}
