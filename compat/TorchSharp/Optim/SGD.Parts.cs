using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class SGD
{
    public class Options : OptimizerOptions
    {
        public double? momentum;
        public double? dampening;
        public double? weight_decay;
        public bool? nesterov;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            momentum = other.momentum;
            dampening = other.dampening;
            weight_decay = other.weight_decay;
            nesterov = other.nesterov;
            maximize = other.maximize;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            momentum = reader.ReadDouble();
            dampening = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            nesterov = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(momentum.Value);
            writer.Write(dampening.Value);
            writer.Write(weight_decay.Value);
            writer.Write(nesterov.Value);
            writer.Write(maximize.Value);
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            momentum ??= other.momentum;
            dampening ??= other.dampening;
            weight_decay ??= other.weight_decay;
            nesterov ??= other.nesterov;
            maximize ??= other.maximize;
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public Tensor momentum_buffer;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            Replace(ref momentum_buffer, other.momentum_buffer);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            SaveConditionalStateTensor(writer, momentum_buffer);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && Close(momentum_buffer, state.momentum_buffer);

        public override void to(Device device)
        {
            Move(ref momentum_buffer, device);
        }

        /// <summary>The first step's momentum is its gradient.</summary>
        internal void Begin(Tensor gradient) => momentum_buffer = CopyOf(gradient);

        public void Dispose()
        {
            momentum_buffer?.Dispose();
            momentum_buffer = null;
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IMomentum
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0.0, double dampening = 0.0, double weight_decay = 0.0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
        {
        }

        public double Momentum { get => Options.momentum.Value; set => Options.momentum = value; }
    }
}
