using CnnTrainers.Tests.Estimators;
using Microsoft.ML;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Net = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnTrainers.Tests.Own;

/// <summary>Networks that cannot work, each told in one line before an image is read, and those that work in another way than one may think.</summary>
public sealed class OwnNetworkTests
{
    private static readonly Dictionary<string, Func<ImageShape, int, Net>> _networks = new()
    {
        ["too many classes"] = (shape, classes) => Of(shape, classes + 1, x => x),
        ["maps"] = (shape, classes) => nn.Conv2d(shape.Channels, classes, 1),
        ["a row of one image"] = (shape, classes) => Of(shape, classes, x => x.squeeze()),
        ["doubles out"] = (shape, classes) => Of(shape, classes, x => x.to(ScalarType.Float64)),
        ["double weights"] = (shape, classes) => Sequential(nn.Flatten(), nn.Linear(shape.Size, classes, dtype: ScalarType.Float64)),
        ["nothing to learn"] = (_, _) => nn.Flatten(),
        ["forgotten"] = (shape, classes) => new Forgetful(shape, classes),
        ["a plain list"] = (shape, classes) => new Listing(shape, classes),
        ["a captured layer"] = (shape, classes) => Of(shape, classes, nn.Linear(classes, classes) is var hidden ? x => hidden.call(x) : x => x),
        ["a captured constant"] = (shape, classes) => Of(shape, classes, rand(classes) is var drawn ? x => x * drawn : x => x),
        ["throws"] = (shape, classes) => Of(shape, classes, _ => throw new FormatException("my own words")),
        ["wrong sizes"] = (shape, classes) => Sequential(nn.Flatten(), nn.Linear(7, classes)),
        ["disposed"] = (shape, classes) => Of(shape, classes, x => { x.Dispose(); return x; }),
        ["no gradient"] = (shape, classes) => Of(shape, classes, x => x.detach()),
        ["view"] = (shape, classes) => new Viewing(shape, classes),
        ["as memory lies"] = (shape, classes) => new Viewing(shape, classes, x => x.as_strided([x.shape[0], x.numel() / x.shape[0]], [x.numel() / x.shape[0], 1])),
        ["no maker"] = (_, _) => throw new FormatException("my own words"),
        ["not a number"] = (shape, classes) => Of(shape, classes, x => x, float.NaN),
    };

    [Theory]
    [InlineData("too many classes", "gives 2×4 numbers for 2 images of 3x16x16, expected 2×3: a logit for each class.")]
    [InlineData("maps", "gives 2×3×16×16 numbers for 2 images of 3x16x16, expected 2×3")]
    [InlineData("a row of one image", "gives 3 numbers for 1 images of 3x16x16, expected 1×3")]
    [InlineData("doubles out", "gives numbers of Float64, expected Float32.")]
    [InlineData("double weights", "of Float64, expected Float32.")]
    [InlineData("nothing to learn", "has no parameters that TorchSharp knows of.")]
    [InlineData("forgotten", "has no parameters that TorchSharp knows of (Forgetful._conv, Forgetful._head). Call RegisterComponents()")]
    [InlineData("a plain list", "computes with parameters that TorchSharp does not know of (Listing._layers)")]
    [InlineData("a captured layer", "computes with parameters that TorchSharp does not know of")]
    [InlineData("a captured constant", "cannot be saved: made anew with the same parameters and buffers it gives other numbers.")]
    [InlineData("throws", "cannot compute 2 images of 3x16x16: my own words")]
    [InlineData("wrong sizes", "cannot compute 2 images of 3x16x16: mat1 and mat2 shapes cannot be multiplied (2x768 and 7x3)")]
    [InlineData("disposed", "returns a tensor that it has disposed")]
    [InlineData("no gradient", "cannot be trained: no gradient comes from its output")]
    [InlineData("view", "channels come last in memory, as they do here (reshape or flatten in place of view): view size is not compatible")]
    [InlineData("as memory lies", "gives other numbers for images whose channels come last in memory")]
    [InlineData("no maker", "cannot be made for images of 3x16x16 and 3 classes: my own words")]
    [InlineData("not a number", "begins with values that are NaN or infinite")]
    public void It_is_refused_in_one_line_before_an_image_is_read(string name, string expected)
    {
        var (_, log, error) = Fit(new CustomArchitecture(name, _networks[name]) { DrawWeights = false });

        var fault = Assert.IsType<InvalidOperationException>(error);
        Assert.StartsWith($"The network '{name}' ", fault.Message);
        Assert.Contains(expected, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
        Assert.DoesNotContain("frame #", fault.ToString());
        Assert.DoesNotContain(log, line => line.Contains("Read "));
    }

    [Fact]
    public void A_network_that_is_made_once_is_refused()
    {
        using var once = Of(new(3, Toy.Size, Toy.Size), 3, x => x);

        Assert.Contains("is not made anew each time", Fit(new CustomArchitecture("one", (_, _) => once)).Error!.Message);
    }

    [Fact]
    public void Layers_that_two_networks_share_are_refused()
    {
        using var shared = nn.Linear(3, 3);

        Assert.Contains("is not made anew each time", Fit(new CustomArchitecture("two", (shape, classes) => Sequential(nn.Flatten(), nn.Linear(shape.Size, 3), shared))).Error!.Message);
    }

    [Fact]
    public void Random_numbers_that_no_seed_reaches_are_told()
    {
        var random = new Random(1);
        var (_, log, error) = Fit(new CustomArchitecture("mine", (shape, classes) => Of(shape, classes, x => x * (1 + random.NextSingle()))));

        Assert.Null(error);
        Assert.Contains(log, line => line.Contains("draws random numbers that no seed reaches"));
    }

    [Fact]
    public void Parameters_without_effect_are_named()
    {
        var (_, log, error) = Fit(new CustomArchitecture("mine", (shape, classes) => new Idle(shape, classes)));

        Assert.Null(error);
        Assert.Contains(log, line => line.Contains("parameters that its output does not depend on, which stay as they are: idle.weight, idle.bias."));
    }

    [Fact]
    public void The_global_generator_is_left_as_it_was()
    {
        random.manual_seed(5);
        using var before = Generator.Default.get_state();

        Fit(new CustomArchitecture("noise", OwnLayers.Dropout));

        using var after = Generator.Default.get_state();
        Assert.True(before.equal(after).all().item<bool>());
    }

    [Fact]
    public void A_lambda_is_told_at_the_start_of_the_fit()
    {
        var (model, log, _) = Fit(new CustomArchitecture("mine", (shape, classes) => Of(shape, classes, x => x)));

        var (told, read) = (log.FindIndex(line => line.Contains("can be saved, weights and all, but not be loaded")), log.FindIndex(line => line.Contains("Read ")));
        Assert.InRange(told, 0, read - 1);
        (model as IDisposable)?.Dispose();
    }

    private static (ITransformer? Model, List<string> Log, Exception? Error) Fit(CustomArchitecture architecture)
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, entry) => log.Add(entry.Message);
        ITransformer? model = null;
        var rows = Toy.Rows(ml, 12);
        var error = Record.Exception(() => model = Toy.Pipeline(ml, Toy.Options with { Epochs = 1 }, architecture).Fit(rows));
        return (model, log, error);
    }

    private static Net Of(ImageShape shape, int classes, Func<Tensor, Tensor> last, float? bias = null) => new Ending(shape, classes, last, bias);

    private sealed class Ending : Net
    {
        private readonly Net _head;
        private readonly Func<Tensor, Tensor> _last;

        public Ending(ImageShape shape, int classes, Func<Tensor, Tensor> last, float? bias) : base("ending")
        {
            var head = nn.Linear(shape.Size, classes);
            if (bias is { } value)
                init.constant_(head.bias!, value);
            (_head, _last) = (head, last);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _last(_head.call(x.flatten(1)));
    }

    private sealed class Forgetful(ImageShape shape, int classes) : Net("forgetful")
    {
        private readonly Net _conv = nn.Conv2d(shape.Channels, 4, 1), _head = nn.Linear(4 * shape.Height * shape.Width, classes);

        public override Tensor forward(Tensor x) => _head.call(_conv.call(x).flatten(1));
    }

    private sealed class Listing : Net
    {
        private readonly List<Net> _layers;
        private readonly Net _head;

        public Listing(ImageShape shape, int classes) : base("listing")
        {
            (_layers, _head) = ([nn.Conv2d(shape.Channels, 4, 1)], nn.Linear(4 * shape.Height * shape.Width, classes));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _head.call(_layers.Aggregate(x, (y, layer) => layer.call(y)).flatten(1));
    }

    private sealed class Viewing : Net
    {
        private readonly Net _conv, _head;
        private readonly Func<Tensor, Tensor> _flatten;

        public Viewing(ImageShape shape, int classes, Func<Tensor, Tensor>? flatten = null) : base("viewing")
        {
            (_conv, _head) = (nn.Conv2d(shape.Channels, 4, 1), nn.Linear(4 * shape.Height * shape.Width, classes));
            _flatten = flatten ?? (x => x.view(x.shape[0], -1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _head.call(_flatten(_conv.call(x)));
    }

    private sealed class Idle : Net
    {
        private readonly Net _head;
        private readonly Linear idle = nn.Linear(2, 2);

        public Idle(ImageShape shape, int classes) : base("idle")
        {
            _head = nn.Linear(shape.Size, classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _head.call(x.flatten(1));
    }
}
