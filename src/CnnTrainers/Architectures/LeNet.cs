using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>
/// The first of them (LeCun et al., 1998). As textbooks and surveys have it today: max pooling and ReLU where the paper has trained
/// averages and tanh, full connections between the feature maps, and a linear last layer. N×1×32×32 → N×classes.
/// </summary>
public sealed record LeNetVariant : CnnArchitecture
{
    /// <summary>Two convolutions and three linear layers; 61,706 parameters with 10 classes on 1×32×32.</summary>
    public static LeNetVariant LeNet5 { get; } = new()
    {
        Name = "lenet5", Paper = "LeCun et al., Gradient-based learning applied to document recognition", Year = 1998,
        DefaultSize = 32, MinimumSize = 16, DefaultChannels = 1,
    };

    // Too shallow and narrow to diverge.
    internal override RateFactors RateFactors => new(1, 5);

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        static int Pooled(int size) => ((size - 4) / 2 - 4) / 2;
        return Sequential(
            ("conv1", Conv2d(input.Channels, 6, 5)),   // 6×28×28
            ("relu1", ReLU(true)),
            ("pool1", MaxPool2d(2)),                   // 6×14×14
            ("conv2", Conv2d(6, 16, 5)),               // 16×10×10
            ("relu2", ReLU(true)),
            ("pool2", MaxPool2d(2)),                   // 16×5×5
            ("flatten", Flatten()),                    // 400
            ("fc1", Linear(16 * Pooled(input.Height) * Pooled(input.Width), 120)),
            ("relu3", ReLU(true)),
            ("fc2", Linear(120, 84)),
            ("relu4", ReLU(true)),
            ("fc3", Linear(84, classes)));
    }
}
