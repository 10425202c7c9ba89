namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor T => Op.Call("aten::numpy_T", this);
        public Tensor H => Op.Call("aten::matrix_H", this);
        public Tensor mT => Op.Call("aten::mT", this);
        public Tensor mH => Op.Call("aten::mH", this);

        /// <summary>One index vector for each non-zero element.</summary>
        public IList<Tensor> nonzero_as_list() => Op.CallMany("aten::nonzero_numpy", this);

        /// <summary>The elements as nested lists; of a tensor without dimensions the number alone.</summary>
        public object tolist()
        {
            if (Dimensions == 0) return ToScalar();
            List<object> items = [];
            foreach (Tensor item in unbind())
                using (item) items.Add(item.tolist());
            return items;
        }
    }
}
