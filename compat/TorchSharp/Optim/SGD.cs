using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(p => p.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }

    namespace Modules
    {
        /// <summary>Stochastic gradient descent with momentum, as PyTorch has it: the rate scales the momentum too.</summary>
        public partial class SGD : OptimizerHelper, optim.IMomentum
        {
            public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
                : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
            {
            }

            public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
            {
                CheckRate(lr);
                CheckNotNegative(momentum, "momentum");
                CheckNotNegative(dampening, "dampening");
                CheckNotNegative(weight_decay, "weight_decay");
                if (nesterov && (momentum == 0 || dampening != 0))
                    throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
                _defaults = new Options { LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize };
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
                foreach (var chunk in Chunk<State>.Of(states, state => state.momentum_buffer is null ? 0 : 1)) Step(chunk, options);
            }

            private static void Step(Chunk<State> chunk, Options options)
            {
                if (options.maximize.Value) chunk.NegateGradients();
                if (options.weight_decay is not 0.0) chunk.AddToGradients(chunk.Parameters, options.weight_decay.Value);
                var change = options.momentum is 0.0 ? chunk.Gradients : WithMomentum(chunk, options);
                Lists.AddInPlace(chunk.Parameters, change, -options.LearningRate.Value);
            }

            private static Tensor[] WithMomentum(Chunk<State> chunk, Options options)
            {
                var momentum = options.momentum.Value;
                if (chunk.States[0].momentum_buffer is null)
                {
                    for (var i = 0; i < chunk.States.Length; i++) chunk.States[i].Begin(chunk.Gradients[i]);
                }
                else
                {
                    var running = chunk.Buffers(state => state.momentum_buffer);
                    Lists.MultiplyInPlace(running, momentum);
                    Lists.AddInPlace(running, chunk.Gradients, 1 - options.dampening.Value);
                }
                var buffers = chunk.Buffers(state => state.momentum_buffer);
                return options.nesterov.Value ? Lists.Add(chunk.Gradients, buffers, momentum) : buffers;
            }
        }
    }
}
