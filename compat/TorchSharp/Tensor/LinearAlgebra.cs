namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Op.Call("aten::addbmm", this, batch1, batch2, beta, alpha);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Op.InPlace("aten::addbmm_", this, batch1, batch2, beta, alpha);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Op.Call("aten::addmm", this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Op.InPlace("aten::addmm_", this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) => Op.Call("aten::addmv", this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1f, float alpha = 1f) => Op.InPlace("aten::addmv_", this, mat, vec, beta, alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => Op.Call("aten::addr", this, vec1, vec2, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => Op.InPlace("aten::addr_", this, vec1, vec2, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
            Op.Call("aten::baddbmm", this, batch1, batch2, beta, alpha);
        public Tensor bmm(Tensor batch2) => Op.Call("aten::bmm", this, batch2);
        public Tensor cholesky(bool upper = false) => Op.Call("aten::cholesky", this, upper);
        public Tensor cov(long correction = 1, Tensor fweights = null, Tensor aweights = null) =>
            Op.Call("aten::cov", this, correction, fweights, aweights);
        public Tensor corrcoef() => Op.Call("aten::corrcoef", this);
        public Tensor det() => Op.Call("aten::det", this);
        public Tensor dot(Tensor target) => Op.Call("aten::dot", this, target);
        public Tensor ger(Tensor vec2) => Op.Call("aten::ger", this, vec2);
        public Tensor inner(Tensor vec2) => Op.Call("aten::inner", this, vec2);
        public Tensor inverse() => Op.Call("aten::inverse", this);
        public Tensor kron(Tensor other) => Op.Call("aten::kron", this, other);
        public Tensor logdet() => Op.Call("aten::logdet", this);
        public Tensor matmul(Tensor target) => Op.Call("aten::matmul", this, target);
        public Tensor matrix_exp() => Op.Call("aten::matrix_exp", this);
        public Tensor matrix_power(int n) => Op.Call("aten::matrix_power", this, n);
        public Tensor mm(Tensor target) => Op.Call("aten::mm", this, target);
        public Tensor mv(Tensor target) => Op.Call("aten::mv", this, target);
        public Tensor outer(Tensor vec2) => Op.Call("aten::outer", this, vec2);
        public Tensor pinverse(double rcond = 1E-15, bool hermitian = false) => Op.Call("aten::linalg_pinv", this, rcond, hermitian);
        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            tensordot(b, Array.ConvertAll(dims, static pair => pair.Item1), Array.ConvertAll(dims, static pair => pair.Item2));
        public Tensor tensordot(Tensor b, long dims = 2) =>
            tensordot(b, Enumerable.Range(0, (int)dims).Select(i => Dimensions - dims + i).ToArray(), Enumerable.Range(0, (int)dims).Select(i => (long)i).ToArray());
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Op.Call("aten::tensordot", this, b, dims1, dims2);
        public Tensor trace() => Op.Call("aten::trace", this);
        public Tensor vdot(Tensor target) => Op.Call("aten::vdot", this, target);
    }

    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        input.addbmm(batch1, batch2, beta, alpha);
    public static Tensor addbmm_(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        input.addbmm_(batch1, batch2, beta, alpha);
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);
    public static Tensor addmm_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm_(mat1, mat2, beta, alpha);
    public static Tensor addmv(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv(mat1, mat2, beta, alpha);
    public static Tensor addmv_(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmv_(mat1, mat2, beta, alpha);
    public static Tensor addr(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => input.addr(vec1, vec2, beta, alpha);
    public static Tensor addr_(Tensor input, Tensor vec1, Tensor vec2, float beta = 1f, float alpha = 1f) => input.addr_(vec1, vec2, beta, alpha);
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) =>
        input.baddbmm(batch1, batch2, beta, alpha);
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);
    public static Tensor block_diag(params Tensor[] tensors) => Op.Call("aten::block_diag", tensors);
    public static Tensor chain_matmul(params Tensor[] matrices) => Op.Call("aten::chain_matmul", matrices);
    public static Tensor cholesky(Tensor input) => input.cholesky();
    public static Tensor cholesky(Tensor input, bool upper) => input.cholesky(upper);
    public static Tensor cov(Tensor input, long correction = 1, Tensor fweights = null, Tensor aweights = null) =>
        input.cov(correction, fweights, aweights);
    public static Tensor corrcoef(Tensor input) => input.corrcoef();
    public static Tensor det(Tensor input) => input.det();
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);
    public static Tensor einsum(string equation, params Tensor[] tensors) => Op.Call("aten::einsum", equation, tensors);
    public static Tensor ger(Tensor input, Tensor vec2) => input.ger(vec2);
    public static Tensor inner(Tensor input, Tensor vec2) => input.inner(vec2);
    public static Tensor inverse(Tensor input) => input.inverse();
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);
    public static Tensor logdet(Tensor input) => input.logdet();
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);
    public static Tensor matrix_exp(Tensor input) => input.matrix_exp();
    public static Tensor matrix_power(Tensor input, int n) => input.matrix_power(n);
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);
    public static Tensor pinverse(Tensor input, double rcond = 1E-15, bool hermitian = false) => input.pinverse(rcond, hermitian);
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);
    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);
    public static Tensor trace(Tensor input) => input.trace();
    public static Tensor vdot(Tensor input, Tensor target) => input.vdot(target);
}
