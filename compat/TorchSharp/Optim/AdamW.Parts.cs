using static TorchSharp.torch;

namespace TorchSharp.Modules;

public partial class AdamW
{
    public class Options : OptimizerOptions
    {
        public double? beta1;
        public double? beta2;
        public double? eps;
        public double? weight_decay;
        public bool? amsgrad;
        public bool? maximize;

        public override void LoadStateDict(OptimizerOptions source)
        {
            base.LoadStateDict(source);
            var other = (Options)source;
            beta1 = other.beta1;
            beta2 = other.beta2;
            eps = other.eps;
            weight_decay = other.weight_decay;
            amsgrad = other.amsgrad;
            maximize = other.maximize;
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            base.LoadStateDict(reader);
            beta1 = reader.ReadDouble();
            beta2 = reader.ReadDouble();
            eps = reader.ReadDouble();
            weight_decay = reader.ReadDouble();
            amsgrad = reader.ReadBoolean();
            maximize = reader.ReadBoolean();
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            base.SaveStateDict(writer);
            writer.Write(beta1.Value);
            writer.Write(beta2.Value);
            writer.Write(eps.Value);
            writer.Write(weight_decay.Value);
            writer.Write(amsgrad.Value);
            writer.Write(maximize.Value);
        }

        internal override void Complete(OptimizerOptions defaults)
        {
            base.Complete(defaults);
            var other = (Options)defaults;
            beta1 ??= other.beta1;
            beta2 ??= other.beta2;
            eps ??= other.eps;
            weight_decay ??= other.weight_decay;
            amsgrad ??= other.amsgrad;
            maximize ??= other.maximize;
        }
    }

    public sealed class State : OptimizerState, IDisposable
    {
        public long step;
        public Tensor exp_avg;
        public Tensor exp_avg_sq;
        public Tensor max_exp_avg_sq;

        public State(Parameter parameter) : base(parameter)
        {
        }

        public override void Initialize(OptimizerOptions options)
        {
            Dispose();
            step = 0;
            exp_avg = ZerosLike(_parameter);
            exp_avg_sq = ZerosLike(_parameter);
            if (((Options)options).amsgrad == true) max_exp_avg_sq = ZerosLike(_parameter);
        }

        public override void LoadStateDict(OptimizerState source)
        {
            var other = (State)source;
            step = other.step;
            Replace(ref exp_avg, other.exp_avg);
            Replace(ref exp_avg_sq, other.exp_avg_sq);
            Replace(ref max_exp_avg_sq, other.max_exp_avg_sq);
        }

        public override void LoadStateDict(BinaryReader reader)
        {
            step = reader.ReadInt64();
            LoadConditionalStateTensor(reader, ref exp_avg, _parameter.device);
            LoadConditionalStateTensor(reader, ref exp_avg_sq, _parameter.device);
            LoadConditionalStateTensor(reader, ref max_exp_avg_sq, _parameter.device);
        }

        public override void SaveStateDict(BinaryWriter writer)
        {
            writer.Write(step);
            SaveConditionalStateTensor(writer, exp_avg);
            SaveConditionalStateTensor(writer, exp_avg_sq);
            SaveConditionalStateTensor(writer, max_exp_avg_sq);
        }

        public override bool ApproximatelyEquals(OptimizerState other) =>
            other is State state && step == state.step && Close(exp_avg, state.exp_avg) && Close(exp_avg_sq, state.exp_avg_sq) && Close(max_exp_avg_sq, state.max_exp_avg_sq);

        public override void to(Device device)
        {
            Move(ref exp_avg, device);
            Move(ref exp_avg_sq, device);
            Move(ref max_exp_avg_sq, device);
        }

        public void Dispose()
        {
            exp_avg?.Dispose();
            exp_avg_sq?.Dispose();
            max_exp_avg_sq?.Dispose();
            exp_avg = exp_avg_sq = max_exp_avg_sq = null;
        }
    }

    public class ParamGroup : ParamGroup<Options>, optim.IBetas
    {
        public ParamGroup()
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, Options options) : base(parameters, options)
        {
        }

        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
        {
        }

        public (double, double) Betas
        {
            get => (Options.beta1.Value, Options.beta2.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
