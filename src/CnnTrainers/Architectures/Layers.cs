using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnTrainers.Architectures;

/// <summary>Layers as most families use them.</summary>
internal static class Layers
{
    /// <summary>A convolution that keeps the size at stride 1, without bias: a norm follows.</summary>
    public static Conv2d Conv(int inputs, int outputs, int kernel, int stride = 1, int groups = 1) =>
        nn.Conv2d(inputs, outputs, kernel, stride, kernel / 2, groups: groups, bias: false);

    /// <summary>Convolution, batch norm, activation: torchvision's <c>Conv2dNormActivation</c>, with its state names 0 and 1.</summary>
    public static Sequential ConvNorm(
        int inputs, int outputs, int kernel, int stride = 1, int groups = 1, double eps = 1e-5, double momentum = 0.1,
        nn.Module<Tensor, Tensor>? activation = null)
    {
        var layers = nn.Sequential(Conv(inputs, outputs, kernel, stride, groups), nn.BatchNorm2d(outputs, eps, momentum));
        return activation is null ? layers : layers.append(activation);
    }
}
