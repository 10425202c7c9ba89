namespace CnnTrainers.Tests.Architectures;

/// <summary>
/// Parameters with 1000 classes and the default channels. torchvision's counts are from its documentation (num_params), auxiliary heads left out
/// (5,000 classes' worth: googlenet 13,004,888 - 6,379,984, inception_v3 27,161,264 - 3,326,696). The others are summed up here, layer by
/// layer, from the papers' tables.
/// </summary>
internal static class ParameterCounts
{
    public static readonly Dictionary<string, long> Expected = new()
    {
        ["lenet5"] = Conv(1, 6, 5) + Conv(6, 16, 5) + Linear(16 * 5 * 5, 120) + Linear(120, 84) + Linear(84, 1000),
        ["alexnet"] = 61_100_840,
        ["alexnet_bn"] = Conv(3, 96, 11) + 2 * 96 + Conv(96, 256, 5) + 2 * 256 + Conv(256, 384, 3) + Conv(384, 384, 3) + Conv(384, 256, 3)
            + Linear(6400, 4096) + Linear(4096, 4096) + Linear(4096, 1000),
        ["vgg11"] = 132_863_336,
        ["vgg11_bn"] = 132_868_840,
        ["vgg13"] = 133_047_848,
        ["vgg13_bn"] = 133_053_736,
        ["vgg16"] = 138_357_544,
        ["vgg16_bn"] = 138_365_992,
        ["vgg19"] = 143_667_240,
        ["vgg19_bn"] = 143_678_248,
        ["nin"] = NinBlock(3, 96, 11) + NinBlock(96, 256, 5) + NinBlock(256, 384, 3) + NinBlock(384, 1000, 3),
        ["googlenet"] = 6_624_904,
        ["googlenet_2014"] = Conv(3, 64, 7) + Conv(64, 64, 1) + Conv(64, 192, 3)
            + Inception(192, 64, 96, 128, 16, 32, 32) + Inception(256, 128, 128, 192, 32, 96, 64) + Inception(480, 192, 96, 208, 16, 48, 64)
            + Inception(512, 160, 112, 224, 24, 64, 64) + Inception(512, 128, 128, 256, 24, 64, 64) + Inception(512, 112, 144, 288, 32, 64, 64)
            + Inception(528, 256, 160, 320, 32, 128, 128) + Inception(832, 256, 160, 320, 32, 128, 128)
            + Inception(832, 384, 192, 384, 48, 128, 128) + Linear(1024, 1000),
        ["inception_v3"] = 27_161_264 - 3_326_696,
        ["resnet18"] = 11_689_512,
        ["resnet18_mlnet"] = 11_689_512 + 2 * ConvNorm(512, 512, 3),
        ["resnet34"] = 21_797_672,
        ["resnet50"] = 25_557_032,
        ["resnet101"] = 44_549_160,
        ["resnet152"] = 60_192_808,
        ["plain18"] = 11_689_512 - Projections,
        ["plain34"] = 21_797_672 - Projections,
        ["resnext50_32x4d"] = 25_028_904,
        ["resnext101_32x8d"] = 88_791_336,
        ["resnext101_64x4d"] = 83_455_272,
        ["wide_resnet50_2"] = 68_883_240,
        ["wide_resnet101_2"] = 126_886_696,
        ["inception_resnet_v2"] = InceptionResNetV2(),
        ["densenet121"] = 7_978_856,
        ["densenet161"] = 28_681_000,
        ["densenet169"] = 14_149_480,
        ["densenet201"] = 20_013_928,
        ["densenet_small"] = ConvNorm(3, 64, 7) + DenseBlock(64) + Transition(192) + DenseBlock(96) + Transition(224) + DenseBlock(112)
            + Transition(240) + DenseBlock(120) + 2 * 248 + Linear(248, 1000),
        ["squeezenet1_0"] = 1_248_424,
        ["squeezenet1_1"] = 1_235_496,
        ["mobilenet_v2"] = 3_504_872,
        ["mobilenet_v3_small"] = 2_542_856,
        ["mobilenet_v3_large"] = 5_483_032,
        ["shufflenet_v2_x0_5"] = 1_366_792,
        ["shufflenet_v2_x1_0"] = 2_278_604,
        ["mnasnet0_5"] = 2_218_512,
        ["mnasnet1_0"] = 4_383_312,
    };

    // The 1×1 convolutions with norms around the first blocks of stages 2 to 4, which plain networks lack.
    private static long Projections => ConvNorm(64, 128, 1) + ConvNorm(128, 256, 1) + ConvNorm(256, 512, 1);

    private static long Conv(long inputs, long outputs, long area) => inputs * outputs * area * area + outputs;

    private static long Linear(long inputs, long outputs) => inputs * outputs + outputs;

    private static long ConvNorm(long inputs, long outputs, long kernel) => inputs * outputs * kernel * kernel + 2 * outputs;

    // A convolution of any kernel area without bias, and its norm.
    private static long Area(long inputs, long outputs, long area) => inputs * outputs * area + 2 * outputs;

    private static long NinBlock(long inputs, long outputs, long kernel) => Conv(inputs, outputs, kernel) + 2 * Conv(outputs, outputs, 1);

    private static long Inception(long inputs, long a, long b, long c, long d, long e, long f) =>
        Conv(inputs, a, 1) + Conv(inputs, b, 1) + Conv(b, c, 3) + Conv(inputs, d, 1) + Conv(d, e, 5) + Conv(inputs, f, 1);

    // Four layers of norm, ReLU and 3×3 to 32 channels.
    private static long DenseBlock(long inputs) => Enumerable.Range(0, 4).Sum(i => 2 * (inputs + 32 * i) + (inputs + 32 * i) * 32 * 9);

    private static long Transition(long inputs) => 2 * inputs + inputs * inputs / 2;

    private static long InceptionResNetV2()
    {
        var stem = Area(3, 32, 9) + Area(32, 32, 9) + Area(32, 64, 9) + Area(64, 80, 1) + Area(80, 192, 9);
        var mixed5 = Area(192, 96, 1) + Area(192, 48, 1) + Area(48, 64, 25) + Area(192, 64, 1) + Area(64, 96, 9) + Area(96, 96, 9) + Area(192, 64, 1);
        var block35 = Area(320, 32, 1) + Area(320, 32, 1) + Area(32, 32, 9) + Area(320, 32, 1) + Area(32, 48, 9) + Area(48, 64, 9) + Conv(128, 320, 1);
        var mixed6 = Area(320, 384, 9) + Area(320, 256, 1) + Area(256, 256, 9) + Area(256, 384, 9);
        var block17 = Area(1088, 192, 1) + Area(1088, 128, 1) + Area(128, 160, 7) + Area(160, 192, 7) + Conv(384, 1088, 1);
        var mixed7 = 3 * Area(1088, 256, 1) + Area(256, 384, 9) + Area(256, 288, 9) + Area(256, 288, 9) + Area(288, 320, 9);
        var block8 = Area(2080, 192, 1) + Area(2080, 192, 1) + Area(192, 224, 3) + Area(224, 256, 3) + Conv(448, 2080, 1);
        return stem + mixed5 + 10 * block35 + mixed6 + 20 * block17 + mixed7 + 10 * block8 + Area(2080, 1536, 1) + Linear(1536, 1000);
    }
}
