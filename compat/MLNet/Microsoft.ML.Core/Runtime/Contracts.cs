namespace Microsoft.ML.Runtime;

/// <summary>Checks and exceptions, with the wording that users of ML.NET know. A null context is allowed.</summary>
internal static partial class Contracts
{
    public const string IsMarkedKey = "ML_IsMarked";
    public const string SensitivityKey = "ML_Sensitivity";

    /// <summary>Whether the exception was made here, so that its message is meant for the user.</summary>
    public static bool IsMarked(this Exception ex)
    {
        CheckValue(ex, nameof(ex));
        return ex.Data.Contains(IsMarkedKey);
    }

    public static TException Mark<TException>(TException ex) where TException : Exception
    {
        CheckValue(ex, nameof(ex));
        ex.Data[IsMarkedKey] = true;
        return ex;
    }

    public static TException MarkSensitive<TException>(this TException ex, MessageSensitivity sensitivity) where TException : Exception
    {
        CheckValue(ex, nameof(ex));
        ex.Data[SensitivityKey] = ex.Data[SensitivityKey] is MessageSensitivity old ? old | sensitivity : sensitivity;
        return ex;
    }

    public static MessageSensitivity Sensitivity(this Exception ex)
    {
        CheckValue(ex, nameof(ex));
        return ex.Data[SensitivityKey] is MessageSensitivity sensitivity ? sensitivity : MessageSensitivity.None;
    }

    public static TException Process<TException>(this TException ex, IExceptionContext ectx = null) where TException : Exception =>
        ectx is null ? Mark(ex) : ectx.Process(ex);
}
