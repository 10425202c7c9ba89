using Microsoft.ML.Runtime;

namespace Microsoft.ML.Trainers;

/// <summary>The base of learned parameters. In a file they begin with the size of a float, an Int32.</summary>
public abstract class ModelParametersBase<TOutput> : ICanSaveModel, IPredictorProducing<TOutput>
{
    private protected readonly IHost Host;

    private protected ModelParametersBase(IHostEnvironment env, string name)
    {
        Contracts.CheckValue(env, nameof(env));
        env.CheckNonEmpty(name, nameof(name));
        Host = env.Register(name);
    }

    private protected ModelParametersBase(IHostEnvironment env, string name, ModelLoadContext ctx)
        : this(env, name)
    {
        Host.CheckValue(ctx, nameof(ctx));
        int size = ctx.Reader.ReadInt32();
        Host.CheckDecode(size == sizeof(float), $"Corrupt model file: its floats have {size} bytes, expected {sizeof(float)}");
    }

    PredictionKind IPredictor.PredictionKind => PredictionKind;

    private protected abstract PredictionKind PredictionKind { get; }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    private protected virtual void Save(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        SaveCore(ctx);
    }

    private protected virtual void SaveCore(ModelSaveContext ctx) => ctx.Writer.Write(sizeof(float));
}
