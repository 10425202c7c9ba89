using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class RMSProp
{
    public class Options : OptimizerOptions
    {
        public double? alpha;
        public double? eps;
        public double? weight_decay;
        public double? momentum;
        public bool? centered;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            alpha = other.alpha;
            eps = other.eps;
            weight_decay = other.weight_decay;
            momentum = other.momentum;
            centered = other.centered;
            maximize = other.maximize;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            alpha = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            momentum = reader.ReadDouble();
            centered = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(alpha.Value);
            writer.Write(eps.Value);
            writer.Write(weight_decay.Value);
            writer.Write(momentum.Value);
            writer.Write(centered.Value);
            writer.Write(maximize.Value);
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            alpha ??= other.alpha;
            eps ??= other.eps;
            weight_decay ??= other.weight_decay;
            momentum ??= other.momentum;
            centered ??= other.centered;
            maximize ??= other.maximize;
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor square_avg;
        public Tensor momentum_buffer;
        public Tensor grad_avg;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            square_avg = ZerosLike(_parameter);
            if (((Options)options).momentum > 0) momentum_buffer = ZerosLike(_parameter);
            if (((Options)options).centered == true) grad_avg = ZerosLike(_parameter);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Replace(ref square_avg, other.square_avg);
            Replace(ref momentum_buffer, other.momentum_buffer);
            Replace(ref grad_avg, other.grad_avg);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref square_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref momentum_buffer, _parameter.device);
            LoadConditionalStateTensor(reader, ref grad_avg, _parameter.device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            SaveConditionalStateTensor(writer, square_avg);
            SaveConditionalStateTensor(writer, momentum_buffer);
            SaveConditionalStateTensor(writer, grad_avg);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && Close(square_avg, state.square_avg) && Close(momentum_buffer, state.momentum_buffer) && Close(grad_avg, state.grad_avg);

        public override void to(Device device)
        {
            Move(ref square_avg, device);
            Move(ref momentum_buffer, device);
            Move(ref grad_avg, device);
        }

        public void Dispose()
        {
            square_avg?.Dispose();
            momentum_buffer?.Dispose();
            grad_avg?.Dispose();
            square_avg = momentum_buffer = grad_avg = null;
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

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1e-8, double alpha = 0.99, double weight_decay = 0, double momentum = 0.0, bool centered = false)
            : base(parameters, new Options { LearningRate = lr, InitialLearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered })
        {
        }

        public double Momentum { get => Options.momentum.Value; set => Options.momentum = value; }
    }
}
