using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Compat.TorchSharp.Tests.NN;

/// <summary>A convolution, a batch norm and a classifier, registered from fields.</summary>
internal sealed class SmallNet : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 4, 3, padding: 1, bias: false);
    private readonly BatchNorm2d bn1 = BatchNorm2d(4);
    private readonly Sequential head = Sequential(ReLU(inplace: true), AdaptiveAvgPool2d(1), Flatten(), Linear(4, 3));

    public SmallNet() : base(nameof(SmallNet)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        using var convolved = conv1.call(input);
        using var normalized = bn1.call(convolved);
        return head.call(normalized);
    }
}
