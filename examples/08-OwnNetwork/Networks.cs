using CnnTrainers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Net = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

/// <summary>Each method makes a network for the shape of one image and a number of classes: N×C×H×W → N×classes, a new one at each call.</summary>
internal static class Networks
{
    /// <summary>Layers one after the other, some of them with a way around.</summary>
    internal static Net Residual(ImageShape shape, int classes) => Sequential(
        ("stem", ConvNorm(shape.Channels, 32)),
        ("block1", new WayAround(ConvNorm(32, 32))),
        ("pool1", MaxPool2d(2)),
        ("wider", ConvNorm(32, 64)),
        ("block2", new WayAround(ConvNorm(64, 64))),
        ("pool2", AdaptiveAvgPool2d(1)),
        ("flatten", Flatten()),
        ("fc", Linear(64, classes)));

    /// <summary>A forward of its own.</summary>
    internal static Net TwoPaths(ImageShape shape, int classes) => new TwoPaths(shape, classes);

    /// <summary>The body of a known network under a head of its own.</summary>
    internal static Net OnResNet18(ImageShape shape, int classes) => new OnResNet18(shape, classes);

    private static Net ConvNorm(int inputs, int outputs) => Sequential(Conv2d(inputs, outputs, 3, padding: 1, bias: false), BatchNorm2d(outputs), ReLU());
}

/// <summary>x + inner(x).</summary>
internal sealed class WayAround : Net
{
    private readonly Net inner;

    public WayAround(Net inner) : base("way around")
    {
        this.inner = inner;
        RegisterComponents(); // after all fields are set: what it has not seen is neither trained nor saved
    }

    public override Tensor forward(Tensor x) => x + inner.call(x);
}

/// <summary>Small and large filters side by side; what they see together is weighed by channel.</summary>
internal sealed class TwoPaths : Net
{
    private readonly Net small, large, norm, weigh, fc;

    public TwoPaths(ImageShape shape, int classes) : base("two paths")
    {
        small = Conv2d(shape.Channels, 16, 3, stride: 2, padding: 1);
        large = Conv2d(shape.Channels, 16, 7, stride: 2, padding: 3);
        norm = GroupNorm(4, 32);
        weigh = Sequential(Linear(32, 8), ReLU(), Linear(8, 32), Sigmoid());
        fc = Sequential(Dropout(0.2), Linear(32, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope(); // frees what lies between; without it the collector does, later
        var both = norm.call(cat([small.call(x), large.call(x)], 1)).relu(); // N×32×H/2×W/2
        var weights = weigh.call(both.mean([2, 3])).unsqueeze(2).unsqueeze(3); // N×32×1×1
        return fc.call((both * weights).amax([2, 3])).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// All of <c>resnet18</c> up to its mean, then two linear layers. The fields have the names of torchvision's layers, so that
/// <c>CnnTrainerOptions.InitialWeights</c> finds the body's weights in a file of <c>resnet18</c>.
/// </summary>
internal sealed class OnResNet18 : Net
{
    private readonly Net conv1, bn1, maxpool, layer1, layer2, layer3, layer4, head;

    public OnResNet18(ImageShape shape, int classes) : base("on resnet18")
    {
        var parts = ResNetVariant.ResNet18.CreateNetwork(shape, classes).named_children().ToDictionary(part => part.name, part => (Net)part.module);
        parts["fc"].Dispose(); // another head takes its place
        (conv1, bn1, maxpool) = (parts["conv1"], parts["bn1"], parts["maxpool"]);
        (layer1, layer2, layer3, layer4) = (parts["layer1"], parts["layer2"], parts["layer3"], parts["layer4"]);
        head = Sequential(Linear(512, 64), ReLU(), Linear(64, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = maxpool.call(bn1.call(conv1.call(x)).relu());
        x = layer4.call(layer3.call(layer2.call(layer1.call(x)))); // N×512×H/32×W/32
        return head.call(x.mean([2, 3])).MoveToOuterDisposeScope();
    }
}
