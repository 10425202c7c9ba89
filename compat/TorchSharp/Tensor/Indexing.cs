namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Put(value, indices);
        }

        public Tensor this[long i1]
        {
            get => select(0, i1);
            set => Put(value, i1);
        }

        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put(value, i1, i2);
        }

        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Put(value, i1, i2, i3);
        }

        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Put(value, i1, i2, i3, i4);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At(i1, i2, i3, i4, i5);
            set => Put(value, i1, i2, i3, i4, i5);
        }

        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At(i1, i2, i3, i4, i5, i6);
            set => Put(value, i1, i2, i3, i4, i5, i6);
        }

        private Tensor At(params ReadOnlySpan<long> indices)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor result = alias();
            foreach (long index in indices) result = result.select(0, index);
            return result.MoveToOuterDisposeScope();
        }

        private void Put(Tensor value, params ReadOnlySpan<long> indices)
        {
            using Tensor target = At(indices);
            target.copy_(value);
        }

        public Tensor index(params Tensor[] indices) => Op.Call("aten::index.Tensor", this, indices);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Op.InPlace("aten::index_put_", this, indices, value);

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using Tensor single = value;
            using Tensor typed = single.to(dtype, device);
            return index_put_(typed, indices);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor[] tensors) = Sliced(indices);
            return (tensors is null ? view : view.index(tensors)).MoveToOuterDisposeScope();
        }

        public Tensor index_put_(Tensor value, params TensorIndex[] indices)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor view, Tensor[] tensors) = Sliced(indices);
            Tensor typed = value.to(dtype, device);
            if (tensors is null) view.copy_(typed);
            else view.index_put_(typed, tensors);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor single = value;
            return index_put_(single, indices);
        }

        // The view that numbers, ranges and new axes give, and the index tensors of its dimensions (null: there are none).
        private (Tensor View, Tensor[] Tensors) Sliced(TensorIndex[] indices)
        {
            Tensor view = alias();
            List<Tensor> tensors = [];
            long left = Dimensions - indices.Sum(DimensionsTaken);
            int dim = 0;
            foreach (TensorIndex index in indices)
            {
                switch (index.sort)
                {
                    case TensorIndex.Sort.Single: view = view.select(dim, index.start ?? 0); break;
                    case TensorIndex.Sort.Slice: view = view.Range(dim++, index); break;
                    case TensorIndex.Sort.Null: dim++; break;
                    case TensorIndex.Sort.None: view = view.unsqueeze(dim++); break;
                    case TensorIndex.Sort.Ellipsis: dim += (int)Math.Max(0, left); break;
                    case TensorIndex.Sort.Bool:
                        view = view.unsqueeze(dim);
                        Place(tensors, dim++, index.start == 1 ? zeros(1, ScalarType.Int64) : empty(0, ScalarType.Int64));
                        break;
                    case TensorIndex.Sort.Tensor:
                        Place(tensors, dim, index.tensor);
                        dim += (int)DimensionsTaken(index);
                        break;
                }
            }
            return (view, tensors.Count == 0 ? null : tensors.ToArray());
        }

        private Tensor Range(int dim, TensorIndex index) =>
            index.start is null && index.stop is null && index.step is null
                ? this
                : Op.Call("aten::slice.Tensor", this, dim, index.start ?? 0, index.stop ?? long.MaxValue, index.step ?? 1);

        private static void Place(List<Tensor> tensors, int dim, Tensor tensor)
        {
            while (tensors.Count < dim) tensors.Add(null);
            tensors.Add(tensor);
        }

        private static long DimensionsTaken(TensorIndex index) => index.sort switch
        {
            TensorIndex.Sort.Single or TensorIndex.Sort.Slice or TensorIndex.Sort.Null => 1,
            TensorIndex.Sort.Tensor => index.tensor.dtype is ScalarType.Bool or ScalarType.Byte ? index.tensor.Dimensions : 1,
            _ => 0,
        };
    }
}
