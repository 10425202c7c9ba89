// Batch norm in training on images stored channels-last, in float32 or bfloat16, and the ReLU that follows it. Forward reads the input
// twice (once where its statistics are known already) and backward input and gradient twice: that is all the memory traffic there is, while
// libtorch takes the ReLU in passes of its own. Statistics are summed in float32 around the first row's values, and in float64 from block to
// block.
#include "norm.h"

#include "errors.h"
#include "norm_kernels.h"

#include <cmath>

using torch::Tensor;

namespace norm {
namespace {

template <class T>
Moments moments(const Tensor& x, const std::function<void(int64_t, int64_t)>& visit) {
    const int64_t channels = x.size(1), rows = rowsOf(x), step = rowStep(x);
    const T* data = x.data<T>();
    std::vector<float> origin(channels);
    for (int64_t c = 0; c < channels; c++) origin[c] = toFloat(data[c]);
    std::vector<double> sum, squares;
    sumRows(rows, channels, sum, squares, [&](int64_t row, int64_t count, float* s, float* q) {
        kernels(T{}).sums(data + row * step, step, origin.data(), count, channels, s, q);
        if (visit) visit(row, count);
    });
    for (int64_t c = 0; c < channels; c++) {
        const double offset = sum[c] / rows;
        squares[c] = std::max(0.0, squares[c] / rows - offset * offset);
        sum[c] = origin[c] + offset;
    }
    return {std::move(sum), std::move(squares)};
}

template <class T>
Tensor normalize(const Tensor& x, const Tensor& weight, const Tensor& bias, const Statistics& statistics, bool relu) {
    Tensor y = emptyLike(x);
    const int64_t channels = x.size(1), step = rowStep(x);
    const std::vector<float> scale = scaleOf(weight, statistics);
    const float *mean = statistics.mean(), *shift = bias.data<float>();
    const T* from = x.data<T>();
    T* to = y.data<T>();
    eachRows(rowsOf(x), channels, [&](int64_t row, int64_t count) {
        kernels(T{}).normalize[relu](from + row * step, step, mean, scale.data(), shift, count, channels, to + row * channels);
    });
    return y;
}

template <class T>
Gradients gradients(const Tensor& g, const Tensor& x, const Tensor& weight, const Tensor& bias, const Statistics& statistics, bool relu) {
    const int64_t channels = x.size(1), rows = rowsOf(x), step = rowStep(x);
    const std::vector<float> scale = scaleOf(weight, statistics);
    const float *mean = statistics.mean(), *shift = bias.data<float>();
    const T *slopes = g.data<T>(), *from = x.data<T>();
    std::vector<double> sum, products;
    sumRows(rows, channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        kernels(T{}).gradientSums[relu](slopes + row * channels, from + row * step, step, scale.data(), shift, mean, count, channels, s, p);
    });
    return gradientsOf(weight, statistics, rows, sum, products);
}

template <class T>
Tensor inputGradientOf(const Tensor& g, const Tensor& x, const Statistics& statistics, const Gradients& gradients, const float* shift, const Tensor& other) {
    const int64_t channels = x.size(1), step = rowStep(x), otherStep = other.isThere() ? rowStep(other) : 0;
    Tensor result = emptyLike(x);
    const T *slopes = g.data<T>(), *from = x.data<T>(), *more = other.isThere() ? other.data<T>() : nullptr;
    const float* mean = statistics.mean();
    T* to = result.data<T>();
    eachRows(rowsOf(x), channels, [&](int64_t row, int64_t count) {
        kernels(T{}).inputGradient[shift != nullptr][more != nullptr](slopes + row * channels, from + row * step, step, more + row * otherStep, otherStep, gradients.scale.data(),
                                                          shift, mean, gradients.slope.data(), gradients.constant.data(), count, channels, to + row * channels);
    });
    return result;
}

Tensor parameter(void* handle) { return Tensor::borrow(handle); }

}  // namespace

Parameters::Parameters(const CnnNorm& norm)
    : weight(parameter(norm.weight)), bias(parameter(norm.bias)), mean(parameter(norm.mean)), variance(parameter(norm.variance)), batches(parameter(norm.batches)), momentum(norm.momentum), epsilon(norm.epsilon) {}

bool isRows(const Tensor& x) {
    return x.isOnCpu() && x.dimensions() == 4 && x.count() > 0 && (x.type() == torch::Float || x.type() == torch::BFloat16Type) && rowStep(x) > 0;
}

int64_t rowStep(const Tensor& x) {
    if (x.size(1) > 1 && x.stride(1) != 1) return 0;
    int64_t rows = 1, step = x.size(1);
    for (int dimension : {3, 2, 0}) {
        if (x.size(dimension) == 1) continue;  // its stride says nothing
        if (rows == 1) step = x.stride(dimension);
        if (x.stride(dimension) != rows * step) return 0;
        rows *= x.size(dimension);
    }
    return step >= x.size(1) ? step : 0;
}

Moments measure(const Tensor& x, const std::function<void(int64_t, int64_t)>& visit) {
    return byType(x, [&](auto number) { return moments<decltype(number)>(x, visit); });
}

bool suits(const Tensor& x, const Parameters& parameters) {
    if (!isRows(x) || x.size(1) < 2 || rowsOf(x) < 2) return false;
    const auto isVector = [&](const Tensor& tensor) {
        return tensor.isThere() && tensor.isOnCpu() && tensor.type() == torch::Float && tensor.dimensions() == 1 && tensor.size(0) == x.size(1) && tensor.stride(0) == 1;
    };
    if (parameters.batches.isThere() && (parameters.batches.type() != torch::Long || !parameters.batches.isOnCpu() || parameters.batches.count() != 1)) return false;
    return isVector(parameters.weight) && isVector(parameters.bias) && (!parameters.mean.isThere() || (isVector(parameters.mean) && isVector(parameters.variance)));
}

Statistics statisticsOf(const Tensor& x, const Parameters& parameters, const double* means, const double* variances) {
    if (means == nullptr) {
        const Moments moments = measure(x);
        return statisticsOf(x, parameters, moments.mean.data(), moments.variance.data());
    }
    const int64_t channels = x.size(1), rows = rowsOf(x), sizes[2] = {2, channels};
    Statistics result(torch::empty(sizes, 2, torch::Float));
    float *mean = result.tensor.data<float>(), *inverse = mean + channels;
    if (parameters.batches.isThere()) ++*parameters.batches.data<int64_t>();
    const bool averages = parameters.mean.isThere();
    float *averageMean = averages ? parameters.mean.data<float>() : nullptr, *averageVariance = averages ? parameters.variance.data<float>() : nullptr;
    for (int64_t c = 0; c < channels; c++) {
        mean[c] = static_cast<float>(means[c]);
        inverse[c] = static_cast<float>(1 / std::sqrt(variances[c] + parameters.epsilon));
        if (!averages) continue;
        averageMean[c] += static_cast<float>(parameters.momentum * (mean[c] - averageMean[c]));
        averageVariance[c] += static_cast<float>(parameters.momentum * (variances[c] * rows / (rows - 1) - averageVariance[c]));
    }
    return result;
}

std::vector<float> scaleOf(const Tensor& weight, const Statistics& statistics) {
    std::vector<float> scale(weight.size(0));
    for (size_t c = 0; c < scale.size(); c++) scale[c] = weight.data<float>()[c] * statistics.inverse()[c];
    return scale;
}

Gradients gradientsOf(const Tensor& weight, const Statistics& statistics, int64_t rows, const std::vector<double>& sum, const std::vector<double>& products) {
    const int64_t channels = weight.size(0);
    Gradients result{torch::empty(&channels, 1, torch::Float), torch::empty(&channels, 1, torch::Float), scaleOf(weight, statistics), std::vector<float>(channels), std::vector<float>(channels)};
    float *ofWeight = result.weight.data<float>(), *ofBias = result.bias.data<float>();
    const float* inverse = statistics.inverse();
    for (int64_t c = 0; c < channels; c++) {
        const double scale = result.scale[c];
        result.slope[c] = static_cast<float>(-scale * inverse[c] * inverse[c] * products[c] / rows);
        result.constant[c] = static_cast<float>(-scale * sum[c] / rows);
        ofWeight[c] = static_cast<float>(products[c] * inverse[c]);
        ofBias[c] = static_cast<float>(sum[c]);
    }
    return result;
}

Tensor inputGradient(const Tensor& g, const Tensor& x, const Statistics& statistics, const Gradients& gradients, const float* shift, const Tensor& other) {
    return byType(x, [&](auto number) { return inputGradientOf<decltype(number)>(g, x, statistics, gradients, shift, other); });
}

Tensor rows(const Tensor& g, const Tensor& x) { return !g.isThere() || (g.type() == x.type() && isRows(g)) ? Tensor::borrow(g.handle()) : dense(g, x); }

Tensor dense(const Tensor& g, const Tensor& x) {
    if (g.type() == x.type() && g.isOnCpu() && torch::isChannelsLast(g)) return Tensor::borrow(g.handle());
    Tensor result = emptyLike(x);
    torch::copy(g, result);
    return result;
}

}  // namespace norm

int cnn_norm(void* x, const CnnNorm* settings, int relu, const double* means, const double* variances, void** y, void** statistics) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x);
        const norm::Parameters parameters(*settings);
        norm::Statistics found = norm::statisticsOf(input, parameters, means, variances);
        *y = norm::byType(input, [&](auto number) { return norm::normalize<decltype(number)>(input, parameters.weight, parameters.bias, found, relu != 0); }).release();
        *statistics = found.tensor.release();
    });
}

int cnn_norm_backward(void* g, void* other, void* x, void* weight, void* bias, void* statistics, int relu, void** dx, void** dweight, void** dbias) {
    return guarded([&] {
        const Tensor input = Tensor::borrow(x), weights = Tensor::borrow(weight), shift = Tensor::borrow(bias), slope = norm::dense(Tensor::borrow(g), input);
        const norm::Statistics found(Tensor::borrow(statistics));
        const Tensor more = norm::rows(Tensor::borrow(other), input);
        norm::Gradients ours = norm::byType(input, [&](auto number) { return norm::gradients<decltype(number)>(slope, input, weights, shift, found, relu != 0); });
        if (dx != nullptr) *dx = norm::inputGradient(slope, input, found, ours, relu != 0 ? shift.data<float>() : nullptr, more).release();
        *dweight = ours.weight.release();
        *dbias = ours.bias.release();
    });
}
