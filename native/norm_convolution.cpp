// relu(norm(x)) through a 1×1 convolution, in training, as the layers of a dense block begin. What the norm makes of x is computed while the
// convolution gathers its inputs, in both directions, and is never written: x is read where libtorch would write, read and keep as much again.
#include "direct.h"
#include "errors.h"
#include "norm.h"
#include "norm_kernels.h"
#include "score.h"

using torch::Tensor;

namespace norm_convolution {
namespace {

constexpr int64_t CacheNumbers = 1 << 16;  // of a gradient that stay in a core's cache until they are summed

// Of the norm and the ReLU; it owns the scale.
struct Before {
    Before(const Tensor& weight, const Tensor& bias, const norm::Statistics& statistics)
        : scale(norm::scaleOf(weight, statistics)), loops{statistics.mean(), scale.data(), bias.data<float>()} {}

    const std::vector<float> scale;
    const NormRelu loops;
};

bool suits(const Tensor& x, const Tensor& filter) {
    const auto fills = [](int64_t channels) { return channels > 0 && channels % 16 == 0; };
    return filter.isOnCpu() && filter.type() == torch::Float && filter.dimensions() == 4 && filter.size(2) == 1 && filter.size(3) == 1 && filter.size(1) == x.size(1) &&
           fills(filter.size(0)) && fills(filter.size(1)) && (x.type() == torch::Float ? direct::isQuick<float>() : direct::isQuick<BFloat16>());
}

template <class T>
Tensor forward(const Tensor& x, const Tensor& filter, const Before& before) {
    const int64_t outputs = filter.size(0);
    Tensor y = torch::emptyImages(x.size(0), outputs, x.size(2), x.size(3), x.type());
    const auto convolution = score::direct<T>(score::pointwise(x.size(1), outputs), {filter.data<float>(), filter.stride(0), filter.stride(1)}, nullptr, before.loops);
    convolution->run(norm::rowsOf(x), x.data<T>(), norm::rowStep(x), nullptr, 0, y.data<T>(), outputs);
    return y;
}

// Gives the gradient that reaches the ReLU, and its sums while it is in a core's cache.
template <class T>
norm::Gradients gradients(const Tensor& g, const Tensor& x, const Tensor& filter, const Tensor& weight, const Before& before, const norm::Statistics& statistics, const Tensor& result) {
    const int64_t outputs = filter.size(0), channels = x.size(1), rows = norm::rowsOf(x), step = norm::rowStep(x), atOnce = std::max<int64_t>(64, CacheNumbers / channels);
    const auto turned = score::direct<T>(score::pointwise(outputs, channels), {filter.data<float>(), filter.stride(1), filter.stride(0)}, nullptr, {});
    const T *slopes = g.data<T>(), *from = x.data<T>();
    T* to = result.data<T>();
    std::vector<double> sum, products;
    norm::sumRows(rows, channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        const score::Alone alone;
        for (const int64_t end = row + count; row < end; row += atOnce) {
            const int64_t some = std::min(atOnce, end - row);
            turned->run(some, slopes + row * outputs, outputs, nullptr, 0, to + row * channels, channels);
            norm::kernels(T{}).gradientSums[1](to + row * channels, from + row * step, step, before.loops.scale, before.loops.shift, before.loops.mean, some, channels, s, p);
        }
    });
    return norm::gradientsOf(weight, statistics, rows, sum, products);
}

template <class T>
Tensor filterGradient(const Tensor& g, const Tensor& x, const Tensor& filter, const Before& before) {
    Tensor result = torch::empty(filter.sizes(), 4, torch::Float);
    direct::filterGradient<T, float>(direct::pointwise(norm::rowsOf(x), x.size(1), norm::rowStep(x), filter.size(0)), x.data<T>(), g.data<T>(),
                                     {result.data<float>(), result.strides()}, before.loops);
    return result;
}

}  // namespace
}  // namespace norm_convolution

int cnn_norm_relu_convolution_suits(void* x, const CnnNorm* settings, void* filter) {
    bool suits = false;
    guarded([&] {
        const Tensor input = Tensor::borrow(x);
        suits = norm::suits(input, norm::Parameters(*settings)) && norm_convolution::suits(input, Tensor::borrow(filter));
    });
    return suits;
}

int cnn_norm_relu_convolution(void* x, const CnnNorm* settings, const double* means, const double* variances, void* filter, void** y, void** statistics) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), weights = Tensor::borrow(filter);
        const norm::Parameters parameters(*settings);
        norm::Statistics found = norm::statisticsOf(input, parameters, means, variances);
        const norm_convolution::Before before(parameters.weight, parameters.bias, found);
        *y = norm::byType(input, [&](auto number) { return norm_convolution::forward<decltype(number)>(input, weights, before); }).release();
        *statistics = found.tensor.release();
    });
}

int cnn_norm_relu_convolution_backward(void* g, void* other, void* x, void* weight, void* bias, void* statistics, void* filter, void** dx, void** dweight, void** dbias,
                                       void** dfilter) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), weights = Tensor::borrow(weight), shift = Tensor::borrow(bias), filters = Tensor::borrow(filter);
        const norm::Statistics found(Tensor::borrow(statistics));
        const norm_convolution::Before before(weights, shift, found);
        norm::byType(input, [&](auto number) {
            using T = decltype(number);
            const Tensor given = Tensor::borrow(g), slope = norm::dense(given, given);
            Tensor reached = norm::emptyLike(input);
            norm::Gradients ours = norm_convolution::gradients<T>(slope, input, filters, weights, before, found, reached);
            if (dx != nullptr) *dx = norm::inputGradient(reached, input, found, ours, before.loops.shift, norm::rows(Tensor::borrow(other), input)).release();
            if (dfilter != nullptr) *dfilter = norm_convolution::filterGradient<T>(slope, input, filters, before).release();
            *dweight = ours.weight.release();
            *dbias = ours.bias.release();
            return 0;
        });
    });
}
