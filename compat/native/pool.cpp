// Batch norm, ReLU and max pooling in training, in one. Norm and ReLU never fall (or, where the scale is negative, never rise), so the largest of
// their outputs is the output of the largest input: only that one is computed. Of each output the place in its window is kept in a byte, and the
// norm's gradient is gathered from the outputs. What lies between, four times as large as the result, is never written.
#include "instructions.h"
#include "norm.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

namespace {

using norm::dataOf;

// Images' sizes, and windows: {down, across}.
struct Pool {
    int64_t images, channels;
    std::array<int64_t, 2> size, window, stride, padding, outputs;

    int64_t pixels() const { return size[0] * size[1]; }
    int64_t outputPixels() const { return outputs[0] * outputs[1]; }
};

constexpr uint8_t Stopped = 255;  // the place of an output that the ReLU stops

// A number for each channel.
struct Scaling {
    const float *sign, *mean, *scale, *shift;
};

struct Slopes {
    const float *mean, *scale, *slope, *constant;
};

template <class T>
struct Kernels {
    void (*forward)(const T*, const Pool&, int64_t, const Scaling&, T*, T*, uint8_t*);
    void (*sums)(const T*, const T*, const uint8_t*, const float*, int64_t, int64_t, float*, float*);
    void (*inputGradient)(const T*, const uint8_t*, const T*, const Pool&, int64_t, const Slopes&, T*);
};

#define CNN_KERNELS "pool_kernels.inc"
#include "best_kernels.inc"

// For each row of all images: row(image, row in it).
template <class Row>
void eachRow(int64_t images, int64_t rows, Row row) {
    at::parallel_for(0, images * rows, 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) row(i / rows, i % rows);
    });
}

at::Tensor outputOf(const at::Tensor& x, const Pool& pool, at::ScalarType type) {
    return at::empty({pool.images, pool.channels, pool.outputs[0], pool.outputs[1]}, x.options().dtype(type).memory_format(at::MemoryFormat::ChannelsLast));
}

template <class T>
void forward(const at::Tensor& x, const Pool& pool, const at::Tensor& weight, const at::Tensor& bias, const norm::Statistics& statistics, at::Tensor& largest, at::Tensor& y, at::Tensor& places) {
    const at::Tensor scaled = weight * statistics.inverse, sign = at::sign(scaled);
    const Scaling scaling{dataOf<float>(sign), dataOf<float>(statistics.mean), dataOf<float>(scaled), dataOf<float>(bias)};
    eachRow(pool.images, pool.outputs[0], [&](int64_t image, int64_t row) {
        const int64_t at = (image * pool.outputPixels() + row * pool.outputs[1]) * pool.channels;
        kernels<T>().forward(dataOf<const T>(x) + image * pool.pixels() * pool.channels, pool, row, scaling, dataOf<T>(largest) + at, dataOf<T>(y) + at, dataOf<uint8_t>(places) + at);
    });
}

template <class T>
norm::Gradients gradients(const at::Tensor& g, const at::Tensor& largest, const at::Tensor& places, const Pool& pool, const at::Tensor& weight, const norm::Statistics& statistics) {
    std::vector<double> sum, products;
    norm::sumRows(pool.images * pool.outputPixels(), pool.channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        const int64_t at = row * pool.channels;
        kernels<T>().sums(dataOf<const T>(g) + at, dataOf<const T>(largest) + at, dataOf<const uint8_t>(places) + at, dataOf<float>(statistics.mean), count, pool.channels, s, p);
    });
    return norm::gradientsOf(weight, statistics, pool.images * pool.pixels(), sum, products);
}

template <class T>
at::Tensor inputGradient(const at::Tensor& g, const at::Tensor& places, const at::Tensor& x, const Pool& pool, const norm::Statistics& statistics, const norm::Gradients& gradients) {
    at::Tensor result = at::empty_like(x);
    const Slopes slopes{dataOf<float>(statistics.mean), dataOf<float>(gradients.scale), gradients.slope.data(), gradients.constant.data()};
    eachRow(pool.images, pool.size[0], [&](int64_t image, int64_t row) {
        const int64_t outputs = image * pool.outputPixels() * pool.channels, at = (image * pool.pixels() + row * pool.size[1]) * pool.channels;
        kernels<T>().inputGradient(dataOf<const T>(g) + outputs, dataOf<const uint8_t>(places) + outputs, dataOf<const T>(x) + at, pool, row, slopes, dataOf<T>(result) + at);
    });
    return result;
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct NormPool : torch::autograd::Function<NormPool> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const norm::Parameters& parameters, const Pool& pool) {
        at::AutoDispatchBelowADInplaceOrView guard;
        const norm::Statistics statistics = norm::statisticsOf(x, parameters);
        at::Tensor y = outputOf(x, pool, x.scalar_type()), largest = outputOf(x, pool, x.scalar_type()), places = outputOf(x, pool, at::kByte);
        norm::byType(x, [&](auto number) { ::forward<decltype(number)>(x, pool, weight, bias, statistics, largest, y, places); });
        context->save_for_backward({x, weight, bias, largest, places, statistics.mean, statistics.inverse});
        context->saved_data["epsilon"] = parameters.epsilon;
        context->saved_data["window"] = std::vector<int64_t>{pool.window[0], pool.window[1], pool.stride[0], pool.stride[1], pool.padding[0], pool.padding[1]};
        return y;
    }

    static variable_list backward(AutogradContext* context, variable_list incoming) {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &weight = saved[1], &bias = saved[2], &largest = saved[3], &places = saved[4], g = norm::dense(incoming[0], x);
        const norm::Statistics statistics{saved[5], saved[6]};
        const std::vector<int64_t> w = context->saved_data["window"].toIntVector();
        const Pool pool{x.size(0), x.size(1), {x.size(2), x.size(3)}, {w[0], w[1]}, {w[2], w[3]}, {w[4], w[5]}, {g.size(2), g.size(3)}};
        if (at::GradMode::is_enabled()) {
            const auto forward = [&] {
                const at::Tensor y = norm::libtorchs(x, weight, bias, context->saved_data["epsilon"].toDouble(), true);
                return at::max_pool2d(y, pool.window, pool.stride, pool.padding);
            };
            const variable_list theirs = norm::differentiable({x, weight, bias}, forward, g);
            return {theirs[0], theirs[1], theirs[2], at::Tensor(), at::Tensor()};
        }
        return norm::byType(x, [&](auto number) -> variable_list {
            using T = decltype(number);
            const norm::Gradients ours = gradients<T>(g, largest, places, pool, weight, statistics);
            const at::Tensor ofInput = context->needs_input_grad(0) ? inputGradient<T>(g, places, x, pool, statistics, ours) : at::Tensor();
            return {ofInput, ours.weight, ours.bias, at::Tensor(), at::Tensor()};
        });
    }
};

// Of an image with at least one pixel.
Pool poolOf(const at::Tensor& x, at::IntArrayRef window, at::IntArrayRef stride, at::IntArrayRef padding) {
    const auto both = [](at::IntArrayRef values) { return std::array<int64_t, 2>{values[0], values[values.size() - 1]}; };
    Pool pool{x.size(0), x.size(1), {x.size(2), x.size(3)}, both(window), both(stride), both(padding), {}};
    for (int i = 0; i < 2; i++) pool.outputs[i] = (pool.size[i] + 2 * pool.padding[i] - pool.window[i]) / std::max<int64_t>(1, pool.stride[i]) + 1;
    return pool;
}

bool suits(const at::Tensor& x, const Pool& pool) {
    if (!x.is_contiguous(at::MemoryFormat::ChannelsLast) || pool.channels % 16 != 0 || pool.window[0] * pool.window[1] > Stopped) return false;
    for (int i = 0; i < 2; i++)
        if (pool.padding[i] < 0 || pool.stride[i] < 1 || 2 * pool.padding[i] > pool.window[i] || pool.size[i] + 2 * pool.padding[i] < pool.window[i]) return false;
    return true;
}

at::Tensor normMaxPool(const at::Tensor& x, const norm::Optional& weight, const norm::Optional& bias, const norm::Optional& runningMean, const norm::Optional& runningVariance, double momentum, double epsilon, at::IntArrayRef window, at::IntArrayRef stride, at::IntArrayRef padding) {
    const norm::Parameters parameters = norm::parametersOf(weight, bias, runningMean, runningVariance, momentum, epsilon);
    if (norm::suits(x, parameters) && suits(x, poolOf(x, window, stride, padding)))
        return NormPool::apply(x, parameters.weight, parameters.bias, parameters, poolOf(x, window, stride, padding));
    return at::max_pool2d(norm::batchNorm(x, weight, bias, runningMean, runningVariance, true, momentum, epsilon, true), window, stride, padding);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(cnntorch, library) {
    library.def(
        "norm_relu_max_pool2d(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, float momentum, float eps, int[2] kernel_size, "
        "int[2] stride, int[2] padding) -> Tensor",
        normMaxPool);
}
