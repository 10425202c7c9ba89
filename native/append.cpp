// Concatenations along the channels that grow in place, as those of a dense block do: each is the one before and a few channels more. The
// first leaves room behind its channels, the next ones put theirs there, and they share the memory, until it is full. What a norm wants to
// know of a channel is measured when it is put in, once for all the norms that read it.
#include "errors.h"
#include "norm.h"

using torch::Tensor;

namespace {

int64_t sizeOf(const Tensor& x) { return x.type() == torch::Float ? 4 : 2; }

// Copies the channels of x to those from `first` on, and measures them where their moments are not known.
void put(const Tensor& x, char* memory, int64_t width, int64_t first, bool known, double* means, double* variances) {
    const int64_t size = sizeOf(x), bytes = size * x.size(1), step = size * norm::rowStep(x), row = size * width;
    const char* from = x.data<char>();
    char* to = memory + size * first;
    const auto copy = [&](int64_t begin, int64_t end) {
        for (; begin < end; begin++) __builtin_memcpy(to + begin * row, from + begin * step, bytes);
    };
    if (known) {
        parallel::each(0, norm::rowsOf(x), 512, copy);
        return;
    }
    const norm::Moments moments = norm::measure(x, [&](int64_t begin, int64_t count) { copy(begin, begin + count); });
    std::copy(moments.mean.begin(), moments.mean.end(), means + first);
    std::copy(moments.variance.begin(), moments.variance.end(), variances + first);
}

// The first channels of the memory that begins where x does.
Tensor firstChannels(const Tensor& x, const Tensor& like, int64_t channels, int64_t width) {
    const int64_t height = like.size(2), row = like.size(3) * width, sizes[4] = {like.size(0), channels, height, like.size(3)}, strides[4] = {height * row, 1, row, width};
    return torch::reinterpret(x, sizes, strides, 4);
}

}  // namespace

int cnn_append_suits(void* x, void* more, int64_t width) {
    bool suits = false;
    guarded([&] {
        const Tensor first = Tensor::borrow(x), second = Tensor::borrow(more);
        suits = norm::isRows(first) && norm::isRows(second) && first.type() == second.type() && first.size(0) == second.size(0) && first.size(2) == second.size(2) &&
                first.size(3) == second.size(3) && first.size(1) + second.size(1) <= width;
    });
    return suits;
}

int cnn_append(void* x, void* more, int64_t width, int continued, int known, double* means, double* variances, void** result) {
    return guarded([&] {
        const Tensor first = Tensor::borrow(x), second = Tensor::borrow(more);
        const int64_t channels = first.size(1);
        Tensor memory = continued ? Tensor::borrow(x) : torch::emptyImages(first.size(0), width, first.size(2), first.size(3), first.type());
        if (!continued) put(first, memory.data<char>(), width, 0, known, means, variances);
        put(second, memory.data<char>(), width, channels, false, means, variances);
        *result = firstChannels(memory, first, channels + second.size(1), width).release();
    });
}

int cnn_same(void* x, void** result) {
    return guarded([&] {
        const Tensor tensor = Tensor::borrow(x);
        *result = torch::reinterpret(tensor, tensor.sizes(), tensor.strides(), tensor.dimensions()).release();
    });
}
