using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The arithmetic that Adam and AdamW share: moments, bias correction, and the change of the parameters.</summary>
internal readonly record struct AdamStep(double Rate, double Beta1, double Beta2, double Eps, long Step)
{
    internal static void CheckBetas(double beta1, double beta2)
    {
        if (beta1 is < 0.0 or >= 1.0) throw new ArgumentException($"Invalid beta1 value: {beta1}");
        if (beta2 is < 0.0 or >= 1.0) throw new ArgumentException($"Invalid beta2 value: {beta2}");
    }

    /// <summary>Maxima (AMSGrad) are null where they are not wanted.</summary>
    internal void Apply(Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] squares, Tensor[] maxima)
    {
        Lists.MultiplyInPlace(means, Beta1);
        Lists.AddInPlace(means, gradients, 1 - Beta1);
        Lists.MultiplyInPlace(squares, Beta2);
        Lists.AddProductInPlace(squares, gradients, gradients, 1 - Beta2);
        for (var i = 0; i < (maxima?.Length ?? 0); i++) Op.CallVoid("aten::maximum.out", maxima[i], squares[i], maxima[i]);

        var divisors = Lists.SquareRoot(maxima ?? squares);
        Lists.DivideInPlace(divisors, Math.Sqrt(1 - Math.Pow(Beta2, Step)));
        Lists.AddInPlace(divisors, Eps);
        Lists.AddQuotientInPlace(parameters, means, divisors, -Rate / (1 - Math.Pow(Beta1, Step)));
    }
}
