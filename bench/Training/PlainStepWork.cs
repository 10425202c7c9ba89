using CnnTrainers.Bench.Harness;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CnnTrainers.Bench.Training;

/// <summary>
/// The peer of our training step: the same network in plain TorchSharp, as TorchSharp's own examples train one: eager, float32, contiguous,
/// one dispose scope for each step, and one batch that never changes, so that it spends nothing on data.
/// </summary>
internal static class PlainStepWork
{
    /// <summary>Name of the figure for the network's learned values.</summary>
    public const string Parameters = "parameters";

    /// <summary>Name of the figure for the bytes that are resident before there is a network.</summary>
    public const string Before = "before";

    public static Measurement Measure(StepArguments arguments)
    {
        TrainingCase one = arguments.Case;
        set_num_threads(2);
        random.manual_seed(1);
        var device = new Device(arguments.Device.Name);
        rand(1, device: device).Dispose();
        long before = Status.PeakBytes;
        using Module<Tensor, Tensor> network = Network(one);
        network.to(device);
        network.train();
        using var optimizer = optim.SGD(network.parameters(), 0.001, momentum: 0.9, weight_decay: 5e-4, nesterov: true);
        using var criterion = CrossEntropyLoss();
        using Tensor images = rand(one.Batch, one.Channels, one.Size, one.Size, device: device), labels = randint(0, StepWork.Classes, one.Batch, dtype: ScalarType.Int64, device: device);
        double steps = Pace.PerSecond(Step, arguments.WarmUpSteps, arguments.Seconds);
        return new Measurement([steps * one.Batch], Status.PeakBytes, $"{MachineLine.Packages("TrainingPeer")}, libtorch {torch.__version__}",
            Figures: new() { [Parameters] = network.parameters().Sum(parameter => parameter.numel()), [Before] = before });

        void Step()
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = criterion.call(network.call(images), labels);
            loss.backward();
            optimizer.step();
            if (arguments.Device != CnnDevice.Cpu) loss.item<float>(); // as examples do, to show it; else steps would be asked for, not taken
        }
    }

    private static Module<Tensor, Tensor> Network(TrainingCase one) => one.Network switch
    {
        "resnet18" => torchvision.models.resnet18(StepWork.Classes),
        "vgg11" => torchvision.models.vgg11(StepWork.Classes),
        "lenet5" => LeNet(one),
        // TorchVision has no DenseNet: our modules, which are torch.nn's layers where our kernels are off.
        "densenet121" => CnnArchitecture.Get(one.Network).CreateNetwork(new ImageShape(one.Channels, one.Size, one.Size), StepWork.Classes),
        _ => throw new BenchException($"There is no {one.Network} in plain TorchSharp."),
    };

    private static Module<Tensor, Tensor> LeNet(TrainingCase one) => Sequential(
        ("conv1", Conv2d(one.Channels, 6, 5)),
        ("relu1", ReLU(true)),
        ("pool1", MaxPool2d(2)),
        ("conv2", Conv2d(6, 16, 5)),
        ("relu2", ReLU(true)),
        ("pool2", MaxPool2d(2)),
        ("flatten", Flatten()),
        ("fc1", Linear(400, 120)),
        ("relu3", ReLU(true)),
        ("fc2", Linear(120, 84)),
        ("relu4", ReLU(true)),
        ("fc3", Linear(84, StepWork.Classes)));
}
