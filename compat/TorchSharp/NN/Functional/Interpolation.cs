namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes the spatial dimensions to a size, or by factors; one number stands for all dimensions.</summary>
            public static Tensor interpolate(Tensor x, long[] size = null, double[] scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false)
            {
                var dimensions = x.shape.Length - 2;
                if ((size is null) == (scale_factor is null)) throw new ArgumentException("Exactly one of size and scale_factor must be given.");
                size = Spread(size, dimensions);
                scale_factor = Spread(scale_factor, dimensions);
                if (mode == InterpolationMode.Area || recompute_scale_factor)
                    (size, scale_factor) = (size ?? Scaled(x.shape, scale_factor), null);
                if (mode == InterpolationMode.Area) return Op.Call($"aten::adaptive_avg_pool{dimensions}d", x, size);
                return Resize(x, size, scale_factor, mode, align_corners ?? false, dimensions);
            }

            public static Tensor upsample(Tensor x, long[] size = null, double[] scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(x, size, scale_factor, (InterpolationMode)mode, align_corners);

            public static Tensor upsample_nearest(Tensor x, long[] size = null, double[] scale_factor = null, bool align_corners = false) =>
                interpolate(x, size, scale_factor, InterpolationMode.Nearest, align_corners);

            public static Tensor upsample_bilinear(Tensor x, long[] size = null, double[] scale_factor = null, bool align_corners = false) =>
                interpolate(x, size, scale_factor, InterpolationMode.Bilinear, align_corners);

            private static Tensor Resize(Tensor x, long[] size, double[] scale, InterpolationMode mode, bool alignCorners, int dimensions)
            {
                var sizeArg = size is null ? Arg.None : size;
                var scaleArg = scale is null ? Arg.None : scale;
                return (mode, dimensions) switch
                {
                    (InterpolationMode.Nearest, 1 or 2 or 3) => Op.Call($"aten::upsample_nearest{dimensions}d.vec", x, sizeArg, scaleArg),
                    (InterpolationMode.Linear, 1) => Op.Call("aten::upsample_linear1d.vec", x, sizeArg, alignCorners, scaleArg),
                    (InterpolationMode.Bilinear, 2) => Op.Call("aten::upsample_bilinear2d.vec", x, sizeArg, alignCorners, scaleArg),
                    (InterpolationMode.Bicubic, 2) => Op.Call("aten::upsample_bicubic2d.vec", x, sizeArg, alignCorners, scaleArg),
                    (InterpolationMode.Trilinear, 3) => Op.Call("aten::upsample_trilinear3d.vec", x, sizeArg, alignCorners, scaleArg),
                    _ => throw new ArgumentException($"Interpolation mode {mode} does not fit an input of {dimensions + 2} dimensions."),
                };
            }

            private static T[] Spread<T>(T[] values, int dimensions) =>
                values is { Length: 1 } && dimensions > 1 ? Enumerable.Repeat(values[0], dimensions).ToArray() : values;

            private static long[] Scaled(long[] shape, double[] factors) =>
                factors.Select((factor, d) => (long)Math.Floor(shape[d + 2] * factor)).ToArray();
        }
    }
}
