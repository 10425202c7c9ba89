using TorchSharp.Modules;

namespace CnnTrainers.Architectures.Graph;

/// <summary>What a node of a network's graph computes, for one image or many: N×C×H×W, or N×C behind <see cref="Flatten"/>.</summary>
internal abstract record Operation
{
    private Operation() { }

    /// <summary>The images.</summary>
    public sealed record Input : Operation;

    /// <summary>A convolution; its state is called <paramref name="Name"/>.weight and, where there is one, .bias.</summary>
    public sealed record Convolution(string Name, Conv2d Layer) : Operation;

    /// <summary>A batch norm by its averages.</summary>
    public sealed record Norm(string Name, BatchNorm2d Layer) : Operation;

    /// <summary>A product with a matrix.</summary>
    public sealed record Product(string Name, Linear Layer) : Operation;

    /// <summary>A function of every number by itself.</summary>
    public sealed record Activation(ActivationKind Kind) : Operation;

    /// <summary>The largest number, or the mean, of every window.</summary>
    public sealed record Pool(PoolKind Kind, Pair Kernel, Pair Stride, Pair Padding, bool Ceiling) : Operation;

    /// <summary>Means of as many parts of an image as the output has pixels.</summary>
    public sealed record AdaptiveMean(Pair Size) : Operation;

    /// <summary>The sum of two inputs of one shape.</summary>
    public sealed record Add : Operation;

    /// <summary>The first input times the second, which has one shape with it or one pixel for each image.</summary>
    public sealed record Multiply : Operation;

    /// <summary>The input times a number.</summary>
    public sealed record Scale(double Factor) : Operation;

    /// <summary>The channels of all inputs.</summary>
    public sealed record Concatenate : Operation;

    /// <summary>Some of the channels.</summary>
    public sealed record Slice(int First, int Count) : Operation;

    /// <summary>The channels of some groups taken in turns: a0 a1 b0 b1 become a0 b0 a1 b1.</summary>
    public sealed record Shuffle(int Groups) : Operation;

    /// <summary>All numbers of an image in a row: N×C×H×W → N×(C·H·W).</summary>
    public sealed record Flatten : Operation;
}

/// <summary>Functions of one number. The values are the native library's.</summary>
internal enum ActivationKind { None, Relu, Relu6, Hardswish, Hardsigmoid, Sigmoid }

/// <summary>Kinds of pools: the mean is of the whole window, its border being zero, or of what lies inside. The values are the native library's.</summary>
internal enum PoolKind { Largest, MeanWithBorder, Mean }

/// <summary>Numbers down and across.</summary>
internal readonly record struct Pair(int Down, int Across)
{
    public static Pair Of(params ReadOnlySpan<long> values) => new((int)values[0], (int)values[^1]);
}
