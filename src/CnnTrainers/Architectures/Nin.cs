using CnnTrainers.Architectures;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers;

/// <summary>
/// Network in network (Lin et al., arXiv:1312.4400): convolutions with two 1×1 layers behind each, and no linear layer, the last block
/// having a channel for each class. N×C×H×W → N×classes.
/// </summary>
public sealed record NinVariant : CnnArchitecture
{
    /// <summary>Four blocks, 96, 256, 384 and one channel for each class, the convolutions AlexNet's.</summary>
    public static NinVariant Nin { get; } = new() { Name = "nin", Paper = "arXiv:1312.4400", Year = 2013, DefaultSize = 224, MinimumSize = 67 };

    internal override RateFactors RateFactors => new(0.5, 1); // above, some seeds diverge

    private protected override Module<Tensor, Tensor> Build(ImageShape input, int classes)
    {
        static Module<Tensor, Tensor> Block(int inputs, int outputs, int kernel, int stride, int padding) => Sequential(
            Conv2d(inputs, outputs, kernel, stride, padding), ReLU(true),
            Conv2d(outputs, outputs, 1), ReLU(true),
            Conv2d(outputs, outputs, 1), ReLU(true));
        return Sequential(
            ("block1", Block(input.Channels, 96, 11, 4, 0)), // 96×54×54
            ("pool1", MaxPool2d(3, 2)),
            ("block2", Block(96, 256, 5, 1, 2)),             // 256×26×26
            ("pool2", MaxPool2d(3, 2)),
            ("block3", Block(256, 384, 3, 1, 1)),            // 384×12×12
            ("pool3", MaxPool2d(3, 2)),
            ("dropout", new Dropout(0.5)),
            ("block4", Block(384, classes, 3, 1, 1)),        // classes×5×5
            ("avgpool", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()));
    }

    // PyTorch's own draw lets the signal of these 12 layers without norms fade. The last block has one channel for each class: drawn like the
    // others, its ReLUs would close about half of them for all images, for good. So it begins with small logits of about 1, handed on unchanged.
    private protected override Initialization Initialization { get; } = Initialization.KaimingFanIn with
    {
        Last = [new(Initialization.Normal(weight => 0.5 / Math.Sqrt(Initialization.FanIn(weight))), 1), new(Initialization.Identity, 0), new(Initialization.Identity, 0)],
    };
}
