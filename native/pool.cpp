// Batch norm, ReLU and max pooling in training, in one. Norm and ReLU never fall (or, where the scale is negative, never rise), so the largest of
// their outputs is the output of the largest input: only that one is computed. Of each output the place in its window is kept in a byte, and the
// norm's gradient is gathered from the outputs. What lies between, four times as large as the result, is never written.
#include "errors.h"
#include "norm.h"
#include "pool_kernels.h"

using torch::Tensor;

namespace pool {
namespace {

// Of an image with at least one pixel, and a window as in cnnkernels.h.
Pool poolOf(const Tensor& x, const int64_t* w) {
    Pool pool{x.size(0), x.size(1), {x.size(2), x.size(3)}, {w[0], w[1]}, {w[2], w[3]}, {w[4], w[5]}, {}};
    for (int i = 0; i < 2; i++) pool.outputs[i] = (pool.size[i] + 2 * pool.padding[i] - pool.window[i]) / std::max<int64_t>(1, pool.stride[i]) + 1;
    return pool;
}

bool suits(const Tensor& x, const Pool& pool) {
    if (!torch::isChannelsLast(x) || pool.window[0] * pool.window[1] > Stopped) return false;
    for (int i = 0; i < 2; i++)
        if (pool.padding[i] < 0 || pool.stride[i] < 1 || 2 * pool.padding[i] > pool.window[i] || pool.size[i] + 2 * pool.padding[i] < pool.window[i]) return false;
    return true;
}

Tensor outputOf(const Pool& pool, int32_t type) { return torch::emptyImages(pool.images, pool.channels, pool.outputs[0], pool.outputs[1], type); }

// For each row of all images: row(image, row in it).
template <class Row>
void eachRow(int64_t images, int64_t rows, Row row) {
    parallel::each(0, images * rows, 4, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) row(i / rows, i % rows);
    });
}

template <class T>
void forward(const Tensor& x, const Pool& pool, const Tensor& weight, const Tensor& bias, const norm::Statistics& statistics, T* largest, T* y, uint8_t* places) {
    const std::vector<float> scale = norm::scaleOf(weight, statistics);
    std::vector<float> sign(scale.size());
    for (size_t c = 0; c < sign.size(); c++) sign[c] = static_cast<float>((scale[c] > 0) - (scale[c] < 0));
    const Scaling scaling{sign.data(), statistics.mean(), scale.data(), bias.data<float>()};
    const T* from = x.data<T>();
    eachRow(pool.images, pool.outputs[0], [&](int64_t image, int64_t row) {
        const int64_t at = (image * pool.outputPixels() + row * pool.outputs[1]) * pool.channels;
        kernels(T{}).forward[1](from + image * pool.pixels() * pool.channels, pool, row, scaling, largest + at, y + at, places + at);
    });
}

template <class T>
norm::Gradients gradients(const T* g, const T* largest, const uint8_t* places, const Pool& pool, const Tensor& weight, const norm::Statistics& statistics) {
    const float* mean = statistics.mean();
    std::vector<double> sum, products;
    norm::sumRows(pool.images * pool.outputPixels(), pool.channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        const int64_t at = row * pool.channels;
        kernels(T{}).sums(g + at, largest + at, places + at, mean, count, pool.channels, s, p);
    });
    return norm::gradientsOf(weight, statistics, pool.images * pool.pixels(), sum, products);
}

template <class T>
Tensor inputGradient(const T* g, const uint8_t* places, const Tensor& x, const Pool& pool, const norm::Statistics& statistics, const norm::Gradients& gradients) {
    Tensor result = norm::emptyLike(x);
    const Slopes slopes{statistics.mean(), gradients.scale.data(), gradients.slope.data(), gradients.constant.data()};
    const T* from = x.data<T>();
    T* to = result.data<T>();
    eachRow(pool.images, pool.size[0], [&](int64_t image, int64_t row) {
        const int64_t outputs = image * pool.outputPixels() * pool.channels, at = (image * pool.pixels() + row * pool.size[1]) * pool.channels;
        kernels(T{}).inputGradient[1](g + outputs, places + outputs, from + at, pool, row, slopes, to + at);
    });
    return result;
}

// Of a ReLU alone.
template <class T>
void largestOf(const T* x, const Pool& pool, T* y, uint8_t* places) {
    eachRow(pool.images, pool.outputs[0], [&](int64_t image, int64_t row) {
        const int64_t at = (image * pool.outputPixels() + row * pool.outputs[1]) * pool.channels;
        kernels(T{}).forward[0](x + image * pool.pixels() * pool.channels, pool, row, {}, nullptr, y + at, places + at);
    });
}

template <class T>
void spread(const T* g, const uint8_t* places, const Pool& pool, T* result) {
    eachRow(pool.images, pool.size[0], [&](int64_t image, int64_t row) {
        const int64_t outputs = image * pool.outputPixels() * pool.channels, at = (image * pool.pixels() + row * pool.size[1]) * pool.channels;
        kernels(T{}).inputGradient[0](g + outputs, places + outputs, nullptr, pool, row, {}, result + at);
    });
}

}  // namespace
}  // namespace pool

int cnn_norm_suits(void* x, const CnnNorm* settings, void* other, const int64_t* window) {
    bool suits = false;
    guarded([&] {
        const Tensor input = Tensor::borrow(x), added = Tensor::borrow(other);
        suits = norm::suits(input, norm::Parameters(*settings));
        if (suits && other != nullptr) suits = added.isOnCpu() && added.type() == input.type() && torch::haveEqualSizes(input, added) && torch::isChannelsLast(input) && torch::isChannelsLast(added);
        if (suits && window != nullptr) suits = pool::suits(input, pool::poolOf(input, window));
    });
    return suits;
}

int cnn_norm_relu_pool(void* x, const CnnNorm* settings, const int64_t* window, void** y, void** largest, void** places, void** statistics) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x);
        const norm::Parameters parameters(*settings);
        const pool::Pool pool = pool::poolOf(input, window);
        norm::Statistics found = norm::statisticsOf(input, parameters);
        Tensor outputs = pool::outputOf(pool, input.type()), inputs = pool::outputOf(pool, input.type()), where = pool::outputOf(pool, torch::Byte);
        norm::byType(input, [&](auto number) {
            using T = decltype(number);
            pool::forward<T>(input, pool, parameters.weight, parameters.bias, found, inputs.data<T>(), outputs.data<T>(), where.data<uint8_t>());
            return 0;
        });
        *y = outputs.release();
        *largest = inputs.release();
        *places = where.release();
        *statistics = found.tensor.release();
    });
}

int cnn_norm_relu_pool_backward(void* g, void* x, void* largest, void* places, void* weight, void* statistics, const int64_t* window, void** dx, void** dweight, void** dbias) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), inputs = Tensor::borrow(largest), where = Tensor::borrow(places), weights = Tensor::borrow(weight);
        const Tensor slope = norm::dense(Tensor::borrow(g), inputs);
        const norm::Statistics found(Tensor::borrow(statistics));
        const pool::Pool pool = pool::poolOf(input, window);
        norm::byType(input, [&](auto number) {
            using T = decltype(number);
            norm::Gradients ours = pool::gradients<T>(slope.data<T>(), inputs.data<T>(), where.data<uint8_t>(), pool, weights, found);
            if (dx != nullptr) *dx = pool::inputGradient<T>(slope.data<T>(), where.data<uint8_t>(), input, pool, found, ours).release();
            *dweight = ours.weight.release();
            *dbias = ours.bias.release();
            return 0;
        });
    });
}

int cnn_relu_pool_suits(void* x, const int64_t* window) {
    bool suits = false;
    guarded([&] {
        const Tensor input = Tensor::borrow(x);
        suits = norm::isRows(input) && pool::suits(input, pool::poolOf(input, window));
    });
    return suits;
}

int cnn_relu_pool(void* x, const int64_t* window, void** y, void** places) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x);
        const pool::Pool pool = pool::poolOf(input, window);
        Tensor outputs = pool::outputOf(pool, input.type()), where = pool::outputOf(pool, torch::Byte);
        norm::byType(input, [&](auto number) {
            using T = decltype(number);
            pool::largestOf<T>(input.data<T>(), pool, outputs.data<T>(), where.data<uint8_t>());
            return 0;
        });
        *y = outputs.release();
        *places = where.release();
    });
}

int cnn_relu_pool_backward(void* g, void* places, const int64_t* size, const int64_t* window, void** dx) {
    return guarded([&] {
        const Tensor where = Tensor::borrow(places), given = Tensor::borrow(g);
        Tensor result = torch::emptyImages(size[0], size[1], size[2], size[3], given.type());
        const Tensor slope = norm::dense(given, given);
        norm::byType(given, [&](auto number) {
            using T = decltype(number);
            pool::spread<T>(slope.data<T>(), where.data<uint8_t>(), pool::poolOf(result, window), result.data<T>());
            return 0;
        });
        *dx = result.release();
    });
}
