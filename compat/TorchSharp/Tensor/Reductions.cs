namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Op.Call("aten::all", this);
        public Tensor all(long dim, bool keepdim = false) => Op.Call("aten::all.dim", this, dim, keepdim);
        public Tensor any() => Op.Call("aten::any", this);
        public Tensor any(long dim, bool keepdim = false) => Op.Call("aten::any.dim", this, dim, keepdim);
        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => Reduced("aten::amax", dims.ToArray(), keepdim, @out);
        public Tensor amax(long[] dims, bool keepdim = false, Tensor @out = null) => Reduced("aten::amax", dims, keepdim, @out);
        public Tensor amax(params long[] dims) => Op.Call("aten::amax", this, dims);
        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => Reduced("aten::amin", dims.ToArray(), keepdim, @out);
        public Tensor amin(long[] dims, bool keepdim = false, Tensor @out = null) => Reduced("aten::amin", dims, keepdim, @out);
        public Tensor amin(params long[] dims) => Op.Call("aten::amin", this, dims);
        public (Tensor, Tensor) aminmax(long? dim = null, bool keepdim = false) => Pair(Op.CallMany("aten::aminmax", this, dim, keepdim));
        public Tensor argmax() => Op.Call("aten::argmax", this);
        public Tensor argmax(long dim, bool keepdim = false) => Op.Call("aten::argmax", this, dim, keepdim);
        public Tensor argmin() => Op.Call("aten::argmin", this);
        public Tensor argmin(long dim, bool keepdim = false) => Op.Call("aten::argmin", this, dim, keepdim);
        public Tensor argsort(long dim = -1, bool descending = false) => Op.Call("aten::argsort", this, dim, descending);
        public Tensor bincount(Tensor weights, long minlength = 0) => Op.Call("aten::bincount", this, weights, minlength);
        public Tensor count_nonzero(long[] dims = null) =>
            dims is null ? Op.Call("aten::count_nonzero", this) : Op.Call("aten::count_nonzero.dim_IntList", this, dims);
        public Tensor cumprod(long dim, ScalarType? type = null) => Op.Call("aten::cumprod", this, dim, type);
        public Tensor cumsum(long dim, ScalarType? type = null) => Op.Call("aten::cumsum", this, dim, type);
        public (Tensor, Tensor) cummax(long dim) => Pair(Op.CallMany("aten::cummax", this, dim));
        public (Tensor, Tensor) cummin(long dim) => Pair(Op.CallMany("aten::cummin", this, dim));
        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Op.Call("aten::histc", this, bins, min, max);
        public (Tensor, Tensor) kthvalue(long k, long? dim, bool keepdim = false) => Pair(Op.CallMany("aten::kthvalue", this, k, dim ?? -1, keepdim));
        public Tensor logcumsumexp(long dim) => Op.Call("aten::logcumsumexp", this, dim);
        public Tensor logsumexp(long dim, bool keepdim = false) => Op.Call("aten::logsumexp", this, (long[])[dim], keepdim);
        public (Tensor, Tensor) max(long dim, bool keepdim = false) => Pair(Op.CallMany("aten::max.dim", this, dim, keepdim));
        public Tensor max() => Op.Call("aten::max", this);
        public Tensor max(Tensor other) => Op.Call("aten::max.other", this, other);
        public Tensor mean() => Op.Call("aten::mean", this);
        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::mean.dim", this, dimensions, keepdim, type);
        public Tensor median() => Op.Call("aten::median", this);
        public (Tensor, Tensor) min(long dim, bool keepdim = false) => Pair(Op.CallMany("aten::min.dim", this, dim, keepdim));
        public Tensor min() => Op.Call("aten::min", this);
        public Tensor min(Tensor other) => Op.Call("aten::min.other", this, other);
        public (Tensor, Tensor) mode(long dim = -1, bool keepdim = false) => Pair(Op.CallMany("aten::mode", this, dim, keepdim));
        public Tensor msort() => Op.Call("aten::msort", this);
        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            Op.Call("aten::nanmean", this, dim is int given ? (long[])[given] : null, keepdim, dtype);
        public Tensor nanmedian() => Op.Call("aten::nanmedian", this);
        public Tensor nanquantile(Tensor q, long dim = -1, bool keepdim = false) => Op.Call("aten::nanquantile", this, q, dim, keepdim);
        public Tensor nansum() => Op.Call("aten::nansum", this);
        public Tensor norm(float p = 2f) => Op.Call("aten::norm.Scalar", this, p);
        public Tensor norm(int dim, bool keepdim = false, float p = 2f) => Op.Call("aten::norm.ScalarOpt_dim", this, p, (long[])[dim], keepdim);
        public Tensor prod(ScalarType? type = null) => Op.Call("aten::prod", this, type);
        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => Op.Call("aten::prod.dim_int", this, dim, keepdim, type);
        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Op.Call("aten::quantile", this, q, dim, keepdim);
        public (Tensor, Tensor) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Pair(Op.CallMany("aten::sort.stable", this, stable, dim, descending));
        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::std.dim", Typed(type), (long[])[dim.Item1, dim.Item2], unbiased, keepdim);
        public Tensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::std.dim", Typed(type), (long[])[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim);
        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::std.dim", Typed(type), dimensions.ToArray(), unbiased, keepdim);
        public Tensor std(bool unbiased = true) => Op.Call("aten::std", this, unbiased);
        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::std.dim", Typed(type), (long[])[dim], unbiased, keepdim);
        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::std.dim", Typed(type), dimensions, unbiased, keepdim);
        public (Tensor, Tensor) std_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::std_mean.dim", Typed(type), (long[])[dim.Item1, dim.Item2], unbiased, keepdim));
        public (Tensor, Tensor) std_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::std_mean.dim", Typed(type), (long[])[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim));
        public (Tensor, Tensor) std_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::std_mean.dim", Typed(type), dimensions.ToArray(), unbiased, keepdim));
        public (Tensor, Tensor) std_mean(bool unbiased = true) => Pair(Op.CallMany("aten::std_mean", this, unbiased));
        public (Tensor, Tensor) std_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::std_mean.dim", Typed(type), (long[])[dim], unbiased, keepdim));
        public (Tensor, Tensor) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::std_mean.dim", Typed(type), dimensions, unbiased, keepdim));
        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, dim.ToArray(), keepdim, type);
        public Tensor sum(ScalarType? type = null) => Op.Call("aten::sum", this, type);
        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, (long[])[dim], keepdim, type);
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, (long[])[dim0, dim1], keepdim, type);
        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::sum.dim_IntList", this, (long[])[dim0, dim1, dim2], keepdim, type);
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Op.Call("aten::sum.dim_IntList", this, dim, keepdim, type);
        public (Tensor, Tensor) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            Pair(Op.CallMany("aten::topk", this, k, dim, largest, sorted));
        public (Tensor, Tensor, Tensor) unique(bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            Unique(sorted, return_inverse, return_counts, dim);
        public (Tensor, Tensor, Tensor) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            UniqueConsecutive(return_inverse, return_counts, dim);
        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::var.dim", Typed(type), (long[])[dim.Item1, dim.Item2], unbiased, keepdim);
        public Tensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::var.dim", Typed(type), (long[])[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim);
        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::var.dim", Typed(type), dimensions.ToArray(), unbiased, keepdim);
        public Tensor var(bool unbiased = true) => Op.Call("aten::var", this, unbiased);
        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::var.dim", Typed(type), (long[])[dim], unbiased, keepdim);
        public Tensor var(long[] dimensions, bool keepdim = false, ScalarType? type = null) => var(dimensions, true, keepdim, type);
        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Op.Call("aten::var.dim", Typed(type), dimensions, unbiased, keepdim);
        public (Tensor, Tensor) var_mean((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::var_mean.dim", Typed(type), (long[])[dim.Item1, dim.Item2], unbiased, keepdim));
        public (Tensor, Tensor) var_mean((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::var_mean.dim", Typed(type), (long[])[dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim));
        public (Tensor, Tensor) var_mean(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::var_mean.dim", Typed(type), dimensions.ToArray(), unbiased, keepdim));
        public (Tensor, Tensor) var_mean(bool unbiased = true) => Pair(Op.CallMany("aten::var_mean", this, unbiased));
        public (Tensor, Tensor) var_mean(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::var_mean.dim", Typed(type), (long[])[dim], unbiased, keepdim));
        public (Tensor, Tensor) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Pair(Op.CallMany("aten::var_mean.dim", Typed(type), dimensions, unbiased, keepdim));

        private static (Tensor, Tensor) Pair(Tensor[] results) => (results[0], results[1]);

        private Tensor Typed(ScalarType? type) => type is ScalarType given ? to_type(given) : this;

        private Tensor Reduced(string name, long[] dims, bool keepdim, Tensor @out) =>
            @out is null ? Op.Call(name, this, dims, keepdim) : Op.Call(name + ".out", this, dims, keepdim, @out);

        private (Tensor, Tensor, Tensor) Unique(bool sorted, bool inverse, bool counts, int? dim)
        {
            Tensor[] results = dim is int given
                ? Op.CallMany("aten::unique_dim", this, given, sorted, inverse, counts)
                : Op.CallMany("aten::_unique2", this, sorted, inverse, counts);
            return Asked(results, inverse, counts);
        }

        private (Tensor, Tensor, Tensor) UniqueConsecutive(bool inverse, bool counts, int? dim) =>
            Asked(Op.CallMany("aten::unique_consecutive", this, inverse, counts, (long?)dim), inverse, counts);

        // libtorch gives empty tensors for what was not asked for.
        private static (Tensor, Tensor, Tensor) Asked(Tensor[] results, bool inverse, bool counts)
        {
            if (!inverse) results[1].Dispose();
            if (!counts) results[2].Dispose();
            return (results[0], inverse ? results[1] : null, counts ? results[2] : null);
        }
    }

    public static Tensor all(Tensor input) => input.all();
    public static Tensor all(Tensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);
    public static Tensor any(Tensor input) => input.any();
    public static Tensor any(Tensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);
    public static Tensor amax(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => input.amax(dims, keepdim, @out);
    public static Tensor amax(Tensor input, long[] dims) => input.amax(dims);
    public static Tensor amax(Tensor input, long[] dims, bool keepdim = false, Tensor @out = null) => input.amax(dims, keepdim, @out);
    public static Tensor amin(Tensor input, ReadOnlySpan<long> dims, bool keepdim = false, Tensor @out = null) => input.amin(dims, keepdim, @out);
    public static Tensor amin(Tensor input, long[] dims, bool keepdim = false, Tensor @out = null) => input.amin(dims, keepdim, @out);
    public static (Tensor, Tensor) aminmax(Tensor input, long? dim = null, bool keepdim = false) => input.aminmax(dim, keepdim);
    public static Tensor argmax(Tensor input) => input.argmax();
    public static Tensor argmax(Tensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);
    public static Tensor argmin(Tensor input) => input.argmin();
    public static Tensor argmin(Tensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);
    public static Tensor argsort(Tensor input, long dim = -1, bool descending = false) => input.argsort(dim, descending);
    public static Tensor bincount(Tensor input, Tensor weights = null, long minlength = 0) => input.bincount(weights, minlength);
    public static Tensor count_nonzero(Tensor input, long[] dims = null) => input.count_nonzero(dims);
    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);
    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);
    public static (Tensor, Tensor) cummax(Tensor input, long dim) => input.cummax(dim);
    public static (Tensor, Tensor) cummin(Tensor input, long dim) => input.cummin(dim);
    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);
    public static (Tensor, Tensor) kthvalue(Tensor input, long k, long? dim, bool keepdim = false) => input.kthvalue(k, dim, keepdim);
    public static Tensor logcumsumexp(Tensor input, long dim) => input.logcumsumexp(dim);
    public static Tensor logsumexp(Tensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);
    public static (Tensor, Tensor) max(Tensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);
    public static Tensor max(Tensor input) => input.max();
    public static Tensor max(Tensor input, Tensor other) => input.max(other);
    public static Tensor mean(Tensor input) => input.mean();
    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
        input.mean(dimensions, keepdim, type);
    public static Tensor median(Tensor input) => input.median();
    public static (Tensor, Tensor) min(Tensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);
    public static Tensor min(Tensor input) => input.min();
    public static Tensor min(Tensor input, Tensor other) => input.min(other);
    public static (Tensor, Tensor) mode(Tensor input, long dim = -1, bool keepdim = false) => input.mode(dim, keepdim);
    public static Tensor msort(Tensor tensor) => tensor.msort();
    public static Tensor nanmean(Tensor input, int? dim = null, bool keepdim = false, ScalarType? dtype = null) => input.nanmean(dim, keepdim, dtype);
    public static Tensor nanmedian(Tensor input) => input.nanmedian();
    public static Tensor nanquantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.nanquantile(q, dim, keepdim);
    public static Tensor nansum(Tensor input) => input.nansum();
    public static Tensor norm(Tensor input) => input.norm();
    public static Tensor norm(Tensor input, float p = 2f) => input.norm(p);
    public static Tensor norm(Tensor input, int dimension, bool keepdim = false, float p = 2f) => input.norm(dimension, keepdim, p);
    public static Tensor prod(Tensor input, ScalarType? type = null) => input.prod(type);
    public static Tensor prod(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.prod(dim, keepdim, type);
    public static Tensor quantile(Tensor input, Tensor q, long dim = -1, bool keepdim = false) => input.quantile(q, dim, keepdim);
    public static (Tensor, Tensor) sort(Tensor input, long dim = -1, bool descending = false, bool stable = false) =>
        input.sort(dim, descending, stable);
    public static Tensor std(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);
    public static Tensor std(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);
    public static Tensor std(Tensor input, bool unbiased = true) => input.std(unbiased);
    public static Tensor std(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);
    public static Tensor std(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) std_mean(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) std_mean(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) std_mean(Tensor input, ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) std_mean(Tensor input, bool unbiased = true) => input.std_mean(unbiased);
    public static (Tensor, Tensor) std_mean(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) std_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.std_mean(dimensions, unbiased, keepdim, type);
    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);
    public static Tensor sum(Tensor input, ScalarType? type = null) => input.sum(type);
    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);
    public static (Tensor, Tensor) topk(Tensor tensor, int k, int dim = -1, bool largest = true, bool sorted = true) =>
        tensor.topk(k, dim, largest, sorted);
    public static (Tensor, Tensor, Tensor) unique(Tensor input, bool sorted = true, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique(sorted, return_inverse, return_counts, dim);
    public static (Tensor, Tensor, Tensor) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false, int? dim = null) =>
        input.unique_consecutive(return_inverse, return_counts, dim);
    public static Tensor var(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);
    public static Tensor var(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);
    public static Tensor var(Tensor input, bool unbiased = true) => input.var(unbiased);
    public static Tensor var(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);
    public static Tensor var(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) var_mean(Tensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) var_mean(Tensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) var_mean(Tensor input, ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) var_mean(Tensor input, bool unbiased = true) => input.var_mean(unbiased);
    public static (Tensor, Tensor) var_mean(Tensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);
    public static (Tensor, Tensor) var_mean(Tensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
        input.var_mean(dimensions, unbiased, keepdim, type);
}
