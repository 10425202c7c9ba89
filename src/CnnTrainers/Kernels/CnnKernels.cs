using CnnTrainers.Kernels;

namespace CnnTrainers;

/// <summary>
/// The library's own native loops for training and scoring on the CPU (<c>libcnnkernels.so</c>). They are there on Linux x64: shipped in the package, and
/// built from source where a C++ compiler is found. Without them everything works, slower.
/// </summary>
/// <remarks>
/// The first fit puts them in place: convolutions on the CPU and the memory of CPU tensors are then theirs in the whole process. Scoring uses them
/// and changes nothing for others. In the environment, <c>CNN_KERNELS=off</c> leaves all to libtorch, and <c>CNN_MEMORY=off</c> the memory.
/// </remarks>
public static class CnnKernels
{
    /// <summary>Whether they are there, fit the libtorch that is loaded, and have not been turned off.</summary>
    public static bool IsAvailable => KernelLibrary.IsThere;

    /// <summary>The instruction set they use, or what is missing and what that costs.</summary>
    public static string Description => KernelLibrary.State;
}
