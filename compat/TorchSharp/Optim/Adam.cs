using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<(string name, Parameter parameter)> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }

    namespace Modules
    {
        /// <summary>Adaptive moments; weight decay is added to the gradient.</summary>
        public partial class Adam : OptimizerHelper, optim.IBetas
        {
            public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
            {
            }

            public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            {
                CheckRate(lr);
                CheckNotNegative(eps, "eps");
                AdamStep.CheckBetas(beta1, beta2);
                CheckNotNegative(weight_decay, "weight_decay");
                _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize };
                foreach (var group in parameters) add_param_group(group);
            }

            /// <summary>The defaults; setting them sets every group's.</summary>
            public (double, double) Betas
            {
                get => (((Options)_defaults).beta1.Value, ((Options)_defaults).beta2.Value);
                set
                {
                    (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
                    foreach (var group in _parameter_groups) ((ParamGroup)group).Betas = value;
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
                var maxima = options.amsgrad.Value ? chunk.Buffers(state => state.max_exp_avg_sq) : null;
                new AdamStep(options.LearningRate.Value, options.beta1.Value, options.beta2.Value, options.eps.Value, chunk.States[0].step)
                    .Apply(chunk.Parameters, chunk.Gradients, chunk.Buffers(state => state.exp_avg), chunk.Buffers(state => state.exp_avg_sq), maxima);
            }
        }
    }
}
