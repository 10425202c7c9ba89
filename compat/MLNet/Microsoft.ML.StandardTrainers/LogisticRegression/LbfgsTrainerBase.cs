using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The base of trainers that minimize a loss by L-BFGS.</summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
{
    private static readonly TrainerInfo _info = new(caching: true, supportIncrementalTrain: true);

    private protected readonly TOptions LbfgsTrainerOptions;

    internal LbfgsTrainerBase(IHostEnvironment env, TOptions options, SchemaShape.Column labelColumn)
        : base(Contracts.CheckRef(env, nameof(env)).Register(nameof(LbfgsTrainerBase<TOptions, TTransformer, TModel>)),
            TrainerUtils.MakeR4VecFeature(options.FeatureColumnName), labelColumn, TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        options.Check(Host);
        LbfgsTrainerOptions = (TOptions)options.Copy();
    }

    /// <summary>Wants normalized features and cached data; can go on from a model.</summary>
    public override TrainerInfo Info => _info;

    /// <summary>Minimizes the loss from a start; biases come first and are not regularized.</summary>
    private protected Optimum Optimize(IChannel channel, Loss loss, float[] start, int firstWeight, long rows)
    {
        TOptions options = LbfgsTrainerOptions;
        Lbfgs optimizer = options.L1Regularization > 0
            ? new OrthantLbfgs(Host, loss, start, options.HistorySize, options.EnforceNonNegativity, options.L1Regularization / rows, firstWeight)
            : new Lbfgs(Host, loss, start, options.HistorySize, options.EnforceNonNegativity);
        Optimum optimum = optimizer.Minimize(new ImprovementCriterion(options.OptimizationTolerance, options.MaximumNumberOfIterations));
        if (optimum.Premature is not null && !options.Quiet)
            channel.Warning(MessageSensitivity.None,
                "Premature convergence occurred. The OptimizationTolerance may be set too small. {0}", optimum.Premature);
        return optimum;
    }

    /// <summary>The options of trainers that minimize a loss by L-BFGS.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        /// <summary>The weight of half the sum of the squared weights; at least 0.</summary>
        public float L2Regularization = Defaults.L2Regularization;

        /// <summary>The weight of the sum of the absolute weights; at least 0.</summary>
        public float L1Regularization = Defaults.L1Regularization;

        /// <summary>The mean improvement of the loss at which learning ends; above 0.</summary>
        public float OptimizationTolerance = Defaults.OptimizationTolerance;

        /// <summary>How many steps the estimate of the curvature remembers; at least 1.</summary>
        public int HistorySize = Defaults.HistorySize;

        /// <summary>After how many steps learning ends at the latest; at least 1.</summary>
        public int MaximumNumberOfIterations = Defaults.MaximumNumberOfIterations;

        /// <summary>Whether warnings about the optimization are kept back.</summary>
        public bool Quiet;

        /// <summary>The first weights are drawn from half this number on both sides of zero; all zero where it is 0.</summary>
        public float InitialWeightsDiameter;

        /// <summary>How many threads compute the loss; null for one a processor.</summary>
        public int? NumberOfThreads;

        /// <summary>Whether the optimizer's vectors are dense: here they always are.</summary>
        public bool DenseOptimizer;

        /// <summary>Whether weights below zero are set to zero.</summary>
        public bool EnforceNonNegativity = Defaults.EnforceNonNegativity;

        private protected OptionsBase()
        {
        }

        internal OptionsBase Copy() => (OptionsBase)MemberwiseClone();

        internal void Check(IHost host)
        {
            host.CheckUserArg(NumberOfThreads is null or > 0, nameof(NumberOfThreads), "Must be positive (or empty for default)");
            host.CheckUserArg(L2Regularization >= 0, nameof(L2Regularization), "Must be non-negative");
            host.CheckUserArg(L1Regularization >= 0, nameof(L1Regularization), "Must be non-negative");
            host.CheckUserArg(OptimizationTolerance > 0, nameof(OptimizationTolerance), "Must be positive");
            host.CheckUserArg(HistorySize > 0, nameof(HistorySize), "Must be positive");
            host.CheckUserArg(MaximumNumberOfIterations > 0, nameof(MaximumNumberOfIterations), "Must be positive");
        }

        internal static class Defaults
        {
            public const float L2Regularization = 1;
            public const float L1Regularization = 1;
            public const float OptimizationTolerance = 1e-7f;
            public const int HistorySize = 20;
            public const int MaximumNumberOfIterations = int.MaxValue;
            public const bool EnforceNonNegativity = false;
        }
    }
}
