namespace TorchSharp;

public static partial class torch
{
    /// <summary>One index of an indexing expression: a number, a range, a truth value, a tensor, a new axis (None) or the ellipsis.</summary>
    public struct TensorIndex
    {
        internal enum Sort { None, Single, Slice, Bool, Tensor, Ellipsis, Null }

        public static TensorIndex Ellipsis = new() { sort = Sort.Ellipsis };
        public static TensorIndex None = new() { sort = Sort.None };
        public static TensorIndex Null = new() { sort = Sort.Null };
        public static TensorIndex Colon = Slice();

        internal Sort sort;
        internal long? start;
        internal long? stop;
        internal long? step;
        internal Tensor tensor;

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { sort = Sort.Slice, start = start, stop = stop, step = step };

        public static TensorIndex Slice((int?, int?) range) => Slice(range.Item1, range.Item2);

        public static TensorIndex Slice(Range range)
        {
            long? start = Position(range.Start);
            bool toTheEnd = range.End.IsFromEnd && range.End.Value == 0;
            return Slice(start, toTheEnd ? null : Position(range.End));
        }

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;

        public static TensorIndex Bool(bool value) => new() { sort = Sort.Bool, start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { sort = Sort.Single, start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { sort = Sort.Tensor, tensor = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);
        public static implicit operator TensorIndex(Index index) => Single(Position(index));
        public static implicit operator TensorIndex(Range range) => Slice(range);
        public static implicit operator TensorIndex((int?, int?) range) => Slice(range);
    }
}
