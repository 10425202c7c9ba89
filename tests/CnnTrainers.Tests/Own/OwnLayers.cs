using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Net = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnTrainers.Tests.Own;

/// <summary>
/// A small network for each layer of TorchSharp that a network of one's own may hold: a convolution, the layer, a linear layer. A method's name
/// is the row of the table in docs/custom-networks.md. A file names these methods, so that they must be static.
/// </summary>
internal static class OwnLayers
{
    // Convolutions and norms
    internal static Net Conv1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.Conv1d(Channels, 4, 3));

    internal static Net Conv2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Conv2d(Channels, 4, 3));

    internal static Net Conv2d_dilated(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Conv2d(Channels, 4, 3, dilation: 2));

    internal static Net Conv2d_reflecting(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Conv2d(Channels, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect));

    internal static Net Conv3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.Conv3d(1, 2, 3));

    internal static Net ConvTranspose1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.ConvTranspose1d(Channels, 4, 3));

    internal static Net ConvTranspose2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ConvTranspose2d(Channels, 4, 3));

    internal static Net ConvTranspose3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.ConvTranspose3d(1, 2, 3));

    internal static Net BatchNorm1d(ImageShape shape, int classes) => OnVectors(shape, classes, nn.BatchNorm1d(Channels));

    internal static Net BatchNorm2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.BatchNorm2d(Channels));

    internal static Net BatchNorm2d_plain(ImageShape shape, int classes) => OnMaps(shape, classes, nn.BatchNorm2d(Channels, affine: false));

    internal static Net BatchNorm3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.BatchNorm3d(1));

    internal static Net GroupNorm(ImageShape shape, int classes) => OnMaps(shape, classes, nn.GroupNorm(2, Channels));

    internal static Net InstanceNorm1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.InstanceNorm1d(Channels, affine: true));

    internal static Net InstanceNorm2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.InstanceNorm2d(Channels, affine: true, track_running_stats: true));

    internal static Net InstanceNorm2d_plain(ImageShape shape, int classes) => OnMaps(shape, classes, nn.InstanceNorm2d(Channels));

    internal static Net InstanceNorm3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.InstanceNorm3d(1, affine: true));

    internal static Net LayerNorm(ImageShape shape, int classes) => OnMaps(shape, classes, nn.LayerNorm([Channels, Size, Size]));

    internal static Net LocalResponseNorm(ImageShape shape, int classes) => OnMaps(shape, classes, nn.LocalResponseNorm(3));

    // Linear layers, sequences
    internal static Net Linear(ImageShape shape, int classes) => OnVectors(shape, classes, nn.Linear(Channels, 5));

    internal static Net Bilinear(ImageShape shape, int classes)
    {
        var layer = nn.Bilinear(Channels, Channels, 5);
        return new OwnNetwork(shape, classes, x => Mean(x) is var mean ? layer.call(mean, mean) : x, layer);
    }

    internal static Net Embedding(ImageShape shape, int classes)
    {
        var layer = nn.Embedding(16, 3);
        return new OwnNetwork(shape, classes, x => x + layer.call((x.mean([2, 3]).sigmoid() * 15).to(ScalarType.Int64)).mean([2]).unsqueeze(2).unsqueeze(3), layer);
    }

    internal static Net EmbeddingBag(ImageShape shape, int classes)
    {
        var layer = nn.EmbeddingBag(16, Channels);
        return new OwnNetwork(shape, classes, x => Mean(x) is var mean ? mean + layer.call((mean.sigmoid() * 15).to(ScalarType.Int64), null, null) : x, layer);
    }

    internal static Net LSTM(ImageShape shape, int classes)
    {
        var layer = nn.LSTM(Channels, 5, batchFirst: true);
        return new OwnNetwork(shape, classes, x => layer.call(Tokens(x), null).Item1.mean([1]), layer);
    }

    internal static Net GRU(ImageShape shape, int classes)
    {
        var layer = nn.GRU(Channels, 5, batchFirst: true);
        return new OwnNetwork(shape, classes, x => layer.call(Tokens(x), null).Item1.mean([1]), layer);
    }

    internal static Net RNN(ImageShape shape, int classes)
    {
        var layer = nn.RNN(Channels, 5, batchFirst: true);
        return new OwnNetwork(shape, classes, x => layer.call(Tokens(x), null).Item1.mean([1]), layer);
    }

    internal static Net LSTMCell(ImageShape shape, int classes)
    {
        var layer = nn.LSTMCell(Channels, 5);
        return new OwnNetwork(shape, classes, x => layer.call(Mean(x), layer.call(Mean(x), (zeros(x.shape[0], 5), zeros(x.shape[0], 5)))).Item1, layer);
    }

    internal static Net GRUCell(ImageShape shape, int classes)
    {
        var layer = nn.GRUCell(Channels, 5);
        return new OwnNetwork(shape, classes, x => layer.call(Mean(x), layer.call(Mean(x), zeros(x.shape[0], 5))), layer);
    }

    internal static Net RNNCell(ImageShape shape, int classes)
    {
        var layer = nn.RNNCell(Channels, 5);
        return new OwnNetwork(shape, classes, x => layer.call(Mean(x), layer.call(Mean(x), zeros(x.shape[0], 5))), layer);
    }

    internal static Net MultiheadAttention(ImageShape shape, int classes)
    {
        var layer = nn.MultiheadAttention(Channels, 2);
        return new OwnNetwork(shape, classes, x => Tokens(x).transpose(0, 1) is var tokens ? layer.call(tokens, tokens, tokens, null, false, null).Item1.mean([0]) : x, layer);
    }

    internal static Net TransformerEncoderLayer(ImageShape shape, int classes)
    {
        var layer = nn.TransformerEncoderLayer(Channels, 2, 16);
        return new OwnNetwork(shape, classes, x => layer.call(Tokens(x).transpose(0, 1), null, null).mean([0]), layer);
    }

    internal static Net TransformerEncoder(ImageShape shape, int classes)
    {
        var layer = nn.TransformerEncoder(nn.TransformerEncoderLayer(Channels, 2, 16), 2);
        return new OwnNetwork(shape, classes, x => layer.call(Tokens(x).transpose(0, 1), null, null).mean([0]), layer);
    }

    internal static Net TransformerDecoderLayer(ImageShape shape, int classes)
    {
        var layer = nn.TransformerDecoderLayer(Channels, 2, 16);
        return new OwnNetwork(shape, classes, x => Tokens(x).transpose(0, 1) is var tokens ? layer.call(tokens, tokens, null, null, null, null).mean([0]) : x, layer);
    }

    // Activations
    internal static Net CELU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.CELU());

    internal static Net ELU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ELU());

    internal static Net GELU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.GELU());

    internal static Net GLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.GLU(1));

    internal static Net Hardshrink(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Hardshrink(0.1));

    internal static Net Hardsigmoid(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Hardsigmoid());

    internal static Net Hardswish(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Hardswish());

    internal static Net Hardtanh(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Hardtanh());

    internal static Net LeakyReLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.LeakyReLU(0.1));

    internal static Net LogSigmoid(ImageShape shape, int classes) => OnMaps(shape, classes, nn.LogSigmoid());

    internal static Net LogSoftmax(ImageShape shape, int classes) => OnMaps(shape, classes, nn.LogSoftmax(1));

    internal static Net Mish(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Mish());

    internal static Net PReLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.PReLU(Channels));

    internal static Net ReLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ReLU());

    internal static Net ReLU6(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ReLU6());

    internal static Net RReLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.RReLU());

    internal static Net SELU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.SELU());

    internal static Net Sigmoid(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Sigmoid());

    internal static Net SiLU(ImageShape shape, int classes) => OnMaps(shape, classes, nn.SiLU());

    internal static Net Softmax(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softmax(1));

    internal static Net Softmax2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softmax2d());

    internal static Net Softmin(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softmin(1));

    internal static Net Softplus(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softplus());

    internal static Net Softshrink(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softshrink(0.1));

    internal static Net Softsign(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Softsign());

    internal static Net Tanh(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Tanh());

    internal static Net Tanhshrink(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Tanhshrink());

    internal static Net Threshold(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Threshold(0.1, 0));

    // Noise
    internal static Net AlphaDropout(ImageShape shape, int classes) => OnMaps(shape, classes, nn.AlphaDropout(0.3));

    internal static Net Dropout(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Dropout(0.3));

    internal static Net Dropout1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.Dropout1d(0.3));

    internal static Net Dropout2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Dropout2d(0.3));

    internal static Net Dropout3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.Sequential(nn.Conv3d(1, 4, 1), nn.Dropout3d(0.3)));

    internal static Net FeatureAlphaDropout(ImageShape shape, int classes) => OnMaps(shape, classes, nn.FeatureAlphaDropout(0.3));

    // Pools and sizes
    internal static Net AdaptiveAvgPool1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.AdaptiveAvgPool1d(3));

    internal static Net AdaptiveAvgPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.AdaptiveAvgPool2d(3));

    internal static Net AdaptiveMaxPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.AdaptiveMaxPool2d([3, 3]));

    internal static Net AvgPool1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.AvgPool1d(2));

    internal static Net AvgPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.AvgPool2d(2));

    internal static Net AvgPool3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.AvgPool3d(2));

    internal static Net ChannelShuffle(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ChannelShuffle(2));

    internal static Net ConstantPad2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ConstantPad2d(1, 1));

    internal static Net Flatten(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Flatten());

    internal static Net Fold(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Sequential(nn.Unfold(2, 1, 0, 2), nn.Fold(Size, 2, 1, 0, 2)));

    internal static Net FractionalMaxPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.FractionalMaxPool2d(2, output_ratio: 0.6));

    internal static Net Identity(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Identity());

    internal static Net LPPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Sequential(nn.ReLU(), nn.LPPool2d(2, 2)));

    internal static Net MaxPool1d(ImageShape shape, int classes) => OnRows(shape, classes, nn.MaxPool1d(2));

    internal static Net MaxPool2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.MaxPool2d(2));

    internal static Net MaxPool3d(ImageShape shape, int classes) => OnVolumes(shape, classes, nn.MaxPool3d(2));

    internal static Net PixelShuffle(ImageShape shape, int classes) => OnMaps(shape, classes, nn.PixelShuffle(2));

    internal static Net PixelUnshuffle(ImageShape shape, int classes) => OnMaps(shape, classes, nn.PixelUnshuffle(2));

    internal static Net ReflectionPad2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ReflectionPad2d(1));

    internal static Net ReplicationPad2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ReplicationPad2d(1));

    internal static Net Unflatten(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Unflatten(1, [2, Channels / 2]));

    internal static Net Unfold(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Unfold(2, 1, 0, 2));

    internal static Net Upsample(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Upsample(scale_factor: [2, 2]));

    internal static Net ZeroPad2d(ImageShape shape, int classes) => OnMaps(shape, classes, nn.ZeroPad2d(1));

    // Containers
    internal static Net ModuleDict(ImageShape shape, int classes)
    {
        var layers = nn.ModuleDict(("a", (Net)nn.Conv2d(Channels, 4, 1)), ("b", nn.Conv2d(Channels, 4, 3, padding: 1)));
        return new OwnNetwork(shape, classes, x => layers["a"].call(x) + layers["b"].call(x), layers);
    }

    internal static Net ModuleList(ImageShape shape, int classes)
    {
        var layers = nn.ModuleList<Net>(nn.Conv2d(Channels, 4, 1), nn.Conv2d(4, 4, 3));
        return new OwnNetwork(shape, classes, x => layers.Aggregate(x, (y, layer) => layer.call(y)), layers);
    }

    internal static Net ParameterDict(ImageShape shape, int classes)
    {
        var values = nn.ParameterDict(("scale", nn.Parameter(ones(Channels, 1, 1))));
        return new OwnNetwork(shape, classes, x => x * values["scale"], values);
    }

    internal static Net ParameterList(ImageShape shape, int classes)
    {
        var values = nn.ParameterList(nn.Parameter(ones(Channels, 1, 1)), nn.Parameter(zeros(Channels, 1, 1)));
        return new OwnNetwork(shape, classes, x => x * values[0] + values[1], values);
    }

    internal static Net Sequential(ImageShape shape, int classes) => OnMaps(shape, classes, nn.Sequential(("conv", nn.Conv2d(Channels, 4, 3)), ("relu", nn.ReLU())));

    // One convolution in two places, under two names.
    internal static Net One_layer_twice(ImageShape shape, int classes)
    {
        var layer = nn.Conv2d(Channels, Channels, 3, padding: 1);
        return new OwnNetwork(shape, classes, x => layer.call(layer.call(x).relu()), layer, layer);
    }

    private const int Channels = 8, Size = 8;

    private static Net OnMaps(ImageShape shape, int classes, Net layer) => new OwnNetwork(shape, classes, layer.call, layer);

    // N×C×H×W → N×C×(H·W), of which a layer is one.
    private static Net OnRows(ImageShape shape, int classes, Net layer) => new OwnNetwork(shape, classes, x => layer.call(x.flatten(2)), layer);

    private static Net OnVolumes(ImageShape shape, int classes, Net layer) => new OwnNetwork(shape, classes, x => layer.call(x.unsqueeze(1)), layer);

    private static Net OnVectors(ImageShape shape, int classes, Net layer) => new OwnNetwork(shape, classes, x => layer.call(Mean(x)), layer);

    private static Tensor Mean(Tensor x) => x.mean([2, 3]);

    // N×C×H×W → N×(H·W)×C
    private static Tensor Tokens(Tensor x) => x.flatten(2).transpose(1, 2);

    /// <summary>A convolution to 8 maps of 8×8, what lies in the middle, and a linear layer over all that it gives.</summary>
    private sealed class OwnNetwork : Net
    {
        private readonly Net _stem, _flatten, _head;
        private readonly Func<Tensor, Tensor> _middle;

        public OwnNetwork(ImageShape shape, int classes, Func<Tensor, Tensor> middle, params nn.Module[] layers) : base("own")
        {
            using var scope = NewDisposeScope();
            _middle = middle;
            register_module("stem", _stem = nn.Conv2d(shape.Channels, Channels, (shape.Height / Size, shape.Width / Size), (shape.Height / Size, shape.Width / Size), bias: false)); // a norm would undo a bias
            register_module("flatten", _flatten = nn.Flatten());
            foreach (var (at, layer) in layers.Index())
                register_module(layers.Length == 1 ? "layer" : $"layer{at}", layer);
            eval();
            using (no_grad())
                register_module("head", _head = nn.Linear(Middle(zeros(2, shape.Channels, shape.Height, shape.Width)).shape[1], classes));
            train();
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            return _head.call(Middle(input)).MoveToOuterDisposeScope();
        }

        private Tensor Middle(Tensor input) => _flatten.call(_middle(_stem.call(input)));
    }
}
