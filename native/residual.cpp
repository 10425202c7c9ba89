// The end of a residual block in training: relu(norm(x) + other), in one pass after the statistics where libtorch takes three. What comes back
// to the result from the next block, through its convolutions and around them, is added, stopped by the ReLU and summed for the norm in one pass too.
#include "errors.h"
#include "norm.h"
#include "residual_kernels.h"

using torch::Tensor;

namespace residual {
namespace {

template <class T>
Tensor join(const Tensor& x, const Tensor& other, const Tensor& weight, const Tensor& bias, const norm::Statistics& statistics) {
    Tensor y = norm::emptyLike(x);
    const int64_t channels = x.size(1);
    const std::vector<float> scale = norm::scaleOf(weight, statistics);
    const float *mean = statistics.mean(), *shift = bias.data<float>();
    const T *from = x.data<T>(), *more = other.data<T>();
    T* to = y.data<T>();
    norm::eachRows(norm::rowsOf(x), channels, [&](int64_t row, int64_t count) {
        const int64_t at = row * channels;
        kernels(T{}).forward(from + at, more + at, mean, scale.data(), shift, count, channels, to + at);
    });
    return y;
}

// Gives what the ReLU lets through of g, and of another gradient where there is one.
template <class T>
norm::Gradients passed(const Tensor& g, const Tensor& more, const Tensor& y, const Tensor& x, const Tensor& weight, const norm::Statistics& statistics, const Tensor& result) {
    const int64_t channels = x.size(1), rows = norm::rowsOf(x);
    const T *first = g.data<T>(), *second = more.isThere() ? more.data<T>() : nullptr, *outputs = y.data<T>(), *inputs = x.data<T>();
    const float* mean = statistics.mean();
    T* to = result.data<T>();
    std::vector<double> sum, products;
    norm::sumRows(rows, channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        const int64_t at = row * channels;
        kernels(T{}).backward[second != nullptr](first + at, second == nullptr ? nullptr : second + at, outputs + at, inputs + at, mean, count, channels, to + at, s, p);
    });
    return norm::gradientsOf(weight, statistics, rows, sum, products);
}

}  // namespace
}  // namespace residual

int cnn_norm_add_relu(void* x, void* other, const CnnNorm* settings, void** y, void** statistics) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), added = Tensor::borrow(other);
        const norm::Parameters parameters(*settings);
        norm::Statistics found = norm::statisticsOf(input, parameters);
        *y = norm::byType(input, [&](auto number) { return residual::join<decltype(number)>(input, added, parameters.weight, parameters.bias, found); }).release();
        *statistics = found.tensor.release();
    });
}

int cnn_norm_add_relu_backward(void* g, void* more, void* x, void* y, void* weight, void* statistics, void** dx, void** dother, void** dweight, void** dbias) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), output = Tensor::borrow(y), weights = Tensor::borrow(weight), first = norm::dense(Tensor::borrow(g), input);
        const Tensor second = more == nullptr ? Tensor() : norm::dense(Tensor::borrow(more), input);
        const norm::Statistics found(Tensor::borrow(statistics));
        Tensor stopped = norm::emptyLike(input);
        norm::Gradients ours = norm::byType(input, [&](auto number) { return residual::passed<decltype(number)>(first, second, output, input, weights, found, stopped); });
        if (dx != nullptr) *dx = norm::inputGradient(stopped, input, found, ours).release();
        *dother = stopped.release();
        *dweight = ours.weight.release();
        *dbias = ours.bias.release();
    });
}
