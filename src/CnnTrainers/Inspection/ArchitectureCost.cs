namespace CnnTrainers;

/// <summary>How big an architecture is and what it computes, with 1000 classes on one image of its default shape.</summary>
/// <param name="Parameters">Learned values.</param>
/// <param name="MultiplyAccumulates">Multiply-accumulates of the convolutions and linear layers.</param>
public sealed record ArchitectureCost(long Parameters, long MultiplyAccumulates)
{
    // What NetworkSummary.Of gives, written down because building all of these networks takes a minute. A test measures every line anew.
    private static readonly Dictionary<string, ArchitectureCost> _measured = new()
    {
        ["lenet5"] = new(145_856, 499_680),
        ["alexnet"] = new(61_100_840, 714_188_480),
        ["alexnet_bn"] = new(50_844_712, 1_009_945_728),
        ["vgg11"] = new(132_863_336, 7_609_090_048),
        ["vgg11_bn"] = new(132_868_840, 7_609_090_048),
        ["vgg13"] = new(133_047_848, 11_308_466_176),
        ["vgg13_bn"] = new(133_053_736, 11_308_466_176),
        ["vgg16"] = new(138_357_544, 15_470_264_320),
        ["vgg16_bn"] = new(138_365_992, 15_470_264_320),
        ["vgg19"] = new(143_667_240, 19_632_062_464),
        ["vgg19_bn"] = new(143_678_248, 19_632_062_464),
        ["nin"] = new(7_439_608, 965_572_864),
        ["googlenet"] = new(6_624_904, 1_498_376_192),
        ["googlenet_2014"] = new(6_998_552, 1_582_671_872),
        ["inception_v3"] = new(23_834_568, 5_713_216_096),
        ["resnet18"] = new(11_689_512, 1_814_073_344),
        ["resnet18_mlnet"] = new(16_410_152, 2_045_284_352),
        ["resnet34"] = new(21_797_672, 3_663_761_408),
        ["resnet50"] = new(25_557_032, 4_089_184_256),
        ["resnet101"] = new(44_549_160, 7_801_405_440),
        ["resnet152"] = new(60_192_808, 11_513_626_624),
        ["plain18"] = new(11_515_688, 1_794_805_760),
        ["plain34"] = new(21_623_848, 3_644_493_824),
        ["resnext50_32x4d"] = new(25_028_904, 4_230_479_872),
        ["resnext101_32x8d"] = new(88_791_336, 16_414_015_488),
        ["resnext101_64x4d"] = new(83_455_272, 15_460_270_080),
        ["wide_resnet50_2"] = new(68_883_240, 11_398_021_120),
        ["wide_resnet101_2"] = new(126_886_696, 22_753_050_624),
        ["inception_resnet_v2"] = new(55_843_464, 13_155_794_016),
        ["densenet121"] = new(7_978_856, 2_834_161_664),
        ["densenet161"] = new(28_681_000, 7_727_907_072),
        ["densenet169"] = new(14_149_480, 3_359_843_328),
        ["densenet201"] = new(20_013_928, 4_291_365_888),
        ["densenet_small"] = new(1_010_104, 781_663_936),
        ["squeezenet1_0"] = new(1_248_424, 818_924_576),
        ["squeezenet1_1"] = new(1_235_496, 349_151_936),
        ["mobilenet_v2"] = new(3_504_872, 300_774_272),
        ["mobilenet_v3_small"] = new(2_542_856, 56_510_400),
        ["mobilenet_v3_large"] = new(5_483_032, 216_589_760),
        ["shufflenet_v2_x0_5"] = new(1_366_792, 40_476_448),
        ["shufflenet_v2_x1_0"] = new(2_278_604, 144_907_992),
        ["mnasnet0_5"] = new(2_218_512, 104_455_968),
        ["mnasnet1_0"] = new(4_383_312, 314_415_872),
    };

    /// <summary>The architecture's cost: known at once for the registry's, measured by building the network for any other.</summary>
    /// <param name="architecture">The architecture.</param>
    public static ArchitectureCost Of(CnnArchitecture architecture)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        bool registered = CnnArchitecture.TryGet(architecture.Name, out CnnArchitecture? known) && ReferenceEquals(known, architecture);
        return registered && _measured.TryGetValue(architecture.Name, out ArchitectureCost? cost) ? cost : Measure(architecture);
    }

    /// <summary>The cost by building the network and passing an image through it.</summary>
    internal static ArchitectureCost Measure(CnnArchitecture architecture)
    {
        NetworkSummary summary = NetworkSummary.Of(architecture);
        return new ArchitectureCost(summary.Parameters, summary.MultiplyAccumulates);
    }
}
