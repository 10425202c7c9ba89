using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static RMSProp RMSProp(IEnumerable<Parameter> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, alpha, eps, weight_decay, momentum, centered, maximize);

            public static RMSProp RMSProp(IEnumerable<RMSProp.ParamGroup> parameters, double lr = 0.01, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0.0, bool centered = false, bool maximize = false) =>
                new(parameters, lr, alpha, eps, weight_decay, momentum, centered, maximize);
        }
    }

    namespace Modules
    {
        /// <summary>Divides each gradient by the root of its running mean square.</summary>
        public partial class RMSProp : OptimizerHelper, optim.IMomentum
        {
            public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0.0, bool centered = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
            {
            }

            public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1e-8, double weight_decay = 0, double momentum = 0.0, bool centered = false, bool maximize = false)
            {
                CheckRate(lr);
                CheckNotNegative(eps, "eps");
                CheckNotNegative(momentum, "momentum");
                CheckNotNegative(weight_decay, "weight_decay");
                CheckNotNegative(alpha, "alpha");
                _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize };
                foreach (var group in parameters) add_param_group(group);
            }

            /// <summary>The default; setting it sets every group's.</summary>
            public double Momentum
            {
                get => ((Options)_defaults).momentum.Value;
                set
                {
                    ((Options)_defaults).momentum = value;
                    foreach (var group in _parameter_groups) ((ParamGroup)group).Momentum = value;
                }
            }

            public override void add_param_group(Modules.ParamGroup param_group)
            {
                param_group.Options ??= new Options();
                base.add_param_group(param_group);
            }

            protected override void Dispose(bool disposing)
            {
                if (disposing) DisposeStates();
                base.Dispose(disposing);
            }

            private protected override OptimizerState NewState(Parameter parameter) => new State(parameter);

            public override Tensor step(Func<Tensor> closure = null) => _step<ParamGroup>(StepGroup, closure);

            private void StepGroup(ParamGroup group)
            {
                var options = group.Options;
                var states = group.Parameters.Select(parameter => (State)_state[parameter.Handle]);
                foreach (var chunk in Chunk<State>.Of(states, state => state.step)) Step(chunk, options);
            }

            private static void Step(Chunk<State> chunk, Options options)
            {
                foreach (var state in chunk.States) state.step++;
                if (options.maximize.Value) chunk.NegateGradients();
                if (options.weight_decay is not 0.0) chunk.AddToGradients(chunk.Parameters, options.weight_decay.Value);

                var (alpha, rate) = (options.alpha.Value, options.LearningRate.Value);
                var squares = chunk.Buffers(state => state.square_avg);
                Lists.MultiplyInPlace(squares, alpha);
                Lists.AddProductInPlace(squares, chunk.Gradients, chunk.Gradients, 1 - alpha);
                var divisors = Lists.SquareRoot(options.centered.Value ? Centered(chunk, squares, alpha) : squares);
                Lists.AddInPlace(divisors, options.eps.Value);

                if (options.momentum is 0.0)
                {
                    Lists.AddQuotientInPlace(chunk.Parameters, chunk.Gradients, divisors, -rate);
                    return;
                }
                var buffers = chunk.Buffers(state => state.momentum_buffer);
                Lists.MultiplyInPlace(buffers, options.momentum.Value);
                Lists.AddQuotientInPlace(buffers, chunk.Gradients, divisors, 1);
                Lists.AddInPlace(chunk.Parameters, buffers, -rate);
            }

            /// <summary>The variance: mean square less the square of the mean.</summary>
            private static Tensor[] Centered(Chunk<State> chunk, Tensor[] squares, double alpha)
            {
                var means = chunk.Buffers(state => state.grad_avg);
                Lists.MultiplyInPlace(means, alpha);
                Lists.AddInPlace(means, chunk.Gradients, 1 - alpha);
                return Lists.AddProduct(squares, means, means, -1);
            }
        }
    }
}
