namespace CnnTrainers.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Well = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}
