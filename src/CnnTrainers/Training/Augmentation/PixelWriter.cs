namespace CnnTrainers.Training;

/// <summary>Writes images as the network takes them: normalised, channels last. Bytes go through a table of all their values.</summary>
internal sealed class PixelWriter
{
    private readonly ImageShape _shape;
    private readonly Normalization _normalization;
    private readonly float[] _table; // 256 for each channel

    public PixelWriter(ImageShape shape, Normalization normalization)
    {
        (_shape, _normalization, _table) = (shape, normalization, new float[256 * shape.Channels]);
        var exact = new Floats(normalization, 0, 1);
        for (var i = 0; i < _table.Length; i++)
            _table[i] = exact.Of(i / 256).Map(i % 256);
    }

    /// <summary>C×H×W → H×W×C.</summary>
    public void Write(ReadOnlySpan<byte> image, Placement placement, Span<float> destination) =>
        placement.Put(image, _shape, new Bytes(_table, 0), destination);

    /// <summary>C×H×W → H×W×C.</summary>
    public void Write(ReadOnlySpan<float> image, Placement placement, Span<float> destination) =>
        placement.Put(image, _shape, new Floats(_normalization, 0, 1), destination);

    private readonly struct Bytes(float[] table, int offset) : Placement.IMapping<Bytes, byte, float>
    {
        public Bytes Of(int channel) => new(table, 256 * channel);

        public float Map(byte value) => table[offset + value];
    }

    private readonly struct Floats(Normalization normalization, float mean, float factor) : Placement.IMapping<Floats, float, float>
    {
        public Floats Of(int channel) => new(normalization, normalization.Mean[channel], 1 / normalization.Std[channel]);

        public float Map(float value) => (value - mean) * factor;
    }
}
