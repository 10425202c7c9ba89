// Batch norm in training on images stored channels-last, in float32 or bfloat16, and the ReLU that follows it. Forward reads the input
// twice (once where its statistics are known already) and backward input and gradient twice: that is all the memory traffic there is, while
// libtorch takes the ReLU in passes of its own. Statistics are summed in float32 around the first row's values, and in float64 from block to
// block.
#include "norm.h"
#include "instructions.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/library.h>

#include <cmath>
#include <vector>

namespace {

struct BFloat16 {
    uint16_t bits;
};

template <class T>
struct Kernels {
    void (*sums)(const T*, int64_t, const float*, int64_t, int64_t, float*, float*);
    // Without and with a ReLU that follows.
    void (*normalize[2])(const T*, int64_t, const float*, const float*, const float*, int64_t, int64_t, T*);
    void (*gradientSums[2])(const T*, const T*, int64_t, const float*, const float*, const float*, int64_t, int64_t, float*, float*);
    // And without and with another gradient of the input.
    void (*inputGradient[2][2])(const T*, const T*, int64_t, const T*, int64_t, const float*, const float*, const float*, const float*, const float*, int64_t,
                                int64_t, T*);
};

#define CNN_KERNELS "norm_kernels.inc"
#include "each_instruction_set.inc"
#undef CNN_KERNELS

template <class T>
const Kernels<T>& kernels() {
    static const Kernels<T> best = CNN_BEST(kernels<T>());
    return best;
}

constexpr int64_t BlockRows = 512;  // rows that are summed in float32 before the sums go on in float64

// Two sums per channel over all rows: block(first row, rows, sums, other sums) adds in float32.
template <class Block>
void sumRows(int64_t rows, int64_t channels, double* sum, double* other, Block block) {
    const int64_t parts = std::min<int64_t>(at::get_num_threads(), (rows + BlockRows - 1) / BlockRows);
    std::vector<double> totals(2 * channels * parts);
    at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
        std::vector<float> block32(2 * channels);
        for (int64_t part = begin; part < end; part++) {
            double* total = totals.data() + 2 * channels * part;
            for (int64_t row = rows * part / parts, last = rows * (part + 1) / parts; row < last; row += BlockRows) {
                std::fill(block32.begin(), block32.end(), 0.0f);
                block(row, std::min(BlockRows, last - row), block32.data(), block32.data() + channels);
                for (int64_t i = 0; i < 2 * channels; i++) total[i] += block32[i];
            }
        }
    });
    std::fill(sum, sum + channels, 0.0);
    std::fill(other, other + channels, 0.0);
    for (int64_t part = 0; part < parts; part++) {
        for (int64_t c = 0; c < channels; c++) {
            sum[c] += totals[2 * channels * part + c];
            other[c] += totals[2 * channels * part + channels + c];
        }
    }
}

template <class Rows>
void eachRows(int64_t rows, int64_t channels, Rows work) {
    at::parallel_for(0, rows, std::max<int64_t>(1, 16384 / channels), [&](int64_t begin, int64_t end) { work(begin, end - begin); });
}

struct Statistics {
    at::Tensor mean, inverse;  // inverse standard deviation
};

template <class T>
norm::Moments moments(const at::Tensor& x, const std::function<void(int64_t, int64_t)>& visit) {
    const int64_t channels = x.size(1), rows = x.numel() / channels, step = norm::rowStep(x);
    const T* data = static_cast<const T*>(x.data_ptr());
    std::vector<float> origin(channels);
    for (int64_t c = 0; c < channels; c++) origin[c] = basic::toFloat(data[c]);
    std::vector<double> sum(channels), squares(channels);
    sumRows(rows, channels, sum.data(), squares.data(), [&](int64_t row, int64_t count, float* s, float* q) {
        kernels<T>().sums(data + row * step, step, origin.data(), count, channels, s, q);
        if (visit) visit(row, count);
    });
    for (int64_t c = 0; c < channels; c++) {
        const double offset = sum[c] / rows;
        squares[c] = std::max(0.0, squares[c] / rows - offset * offset);
        sum[c] = origin[c] + offset;
    }
    return {std::move(sum), std::move(squares)};
}

Statistics statisticsOf(const at::Tensor& x, const at::Tensor& runningMean, const at::Tensor& runningVariance, double momentum, double epsilon) {
    std::optional<norm::Moments> kept = norm::kept(x);
    const norm::Moments moments = kept ? std::move(*kept) : norm::measure(x);
    const int64_t channels = x.size(1), rows = x.numel() / channels;
    Statistics result{at::empty({channels}, at::kFloat), at::empty({channels}, at::kFloat)};
    float *mean = result.mean.data_ptr<float>(), *inverse = result.inverse.data_ptr<float>();
    float* averageMean = runningMean.defined() ? runningMean.data_ptr<float>() : nullptr;
    float* averageVariance = runningVariance.defined() ? runningVariance.data_ptr<float>() : nullptr;
    for (int64_t c = 0; c < channels; c++) {
        const double variance = moments.variance[c];
        mean[c] = static_cast<float>(moments.mean[c]);
        inverse[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
        if (averageMean != nullptr) averageMean[c] += static_cast<float>(momentum * (mean[c] - averageMean[c]));
        if (averageVariance != nullptr) averageVariance[c] += static_cast<float>(momentum * (variance * rows / (rows - 1) - averageVariance[c]));
    }
    return result;
}

template <class T>
at::Tensor normalize(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Statistics& statistics, bool relu) {
    at::Tensor y = at::empty_like(x, x.options(), at::MemoryFormat::ChannelsLast);
    const int64_t channels = x.size(1), step = norm::rowStep(x);
    const at::Tensor scale = weight * statistics.inverse;
    const float *mean = statistics.mean.data_ptr<float>(), *factor = scale.data_ptr<float>(), *shift = bias.data_ptr<float>();
    eachRows(x.numel() / channels, channels, [&](int64_t row, int64_t count) {
        kernels<T>().normalize[relu](static_cast<const T*>(x.data_ptr()) + row * step, step, mean, factor, shift, count, channels,
                                     static_cast<T*>(y.data_ptr()) + row * channels);
    });
    return y;
}

template <class T>
std::array<at::Tensor, 3> gradients(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Statistics& statistics,
                                    bool relu, bool wantsInput, const at::Tensor& other) {
    const int64_t channels = x.size(1), rows = x.numel() / channels, step = norm::rowStep(x);
    const T *data = static_cast<const T*>(x.data_ptr()), *dy = static_cast<const T*>(gradient.data_ptr());
    const float *mean = statistics.mean.data_ptr<float>(), *inverse = statistics.inverse.data_ptr<float>();
    const at::Tensor scaled = weight * statistics.inverse;
    const float *scale = scaled.data_ptr<float>(), *shift = bias.data_ptr<float>();
    std::vector<double> sum(channels), products(channels);
    sumRows(rows, channels, sum.data(), products.data(), [&](int64_t row, int64_t count, float* s, float* p) {
        kernels<T>().gradientSums[relu](dy + row * channels, data + row * step, step, scale, shift, mean, count, channels, s, p);
    });
    at::Tensor ofWeight = at::empty({channels}, at::kFloat), ofBias = at::empty({channels}, at::kFloat);
    std::vector<float> slope(channels), constant(channels);
    for (int64_t c = 0; c < channels; c++) {
        slope[c] = static_cast<float>(-static_cast<double>(scale[c]) * inverse[c] * inverse[c] * products[c] / rows);
        constant[c] = static_cast<float>(-scale[c] * sum[c] / rows);
        ofWeight.data_ptr<float>()[c] = static_cast<float>(products[c] * inverse[c]);
        ofBias.data_ptr<float>()[c] = static_cast<float>(sum[c]);
    }
    if (!wantsInput) return {at::Tensor(), ofWeight, ofBias};
    at::Tensor ofInput = at::empty_like(x, x.options(), at::MemoryFormat::ChannelsLast);
    const T* more = other.defined() ? static_cast<const T*>(other.data_ptr()) : nullptr;
    const int64_t moreStep = other.defined() ? norm::rowStep(other) : 0;
    eachRows(rows, channels, [&](int64_t row, int64_t count) {
        kernels<T>().inputGradient[relu][more != nullptr](dy + row * channels, data + row * step, step, more + row * moreStep, moreStep, scale, shift, mean,
                                                          slope.data(), constant.data(), count, channels, static_cast<T*>(ofInput.data_ptr()) + row * channels);
    });
    return {ofInput, ofWeight, ofBias};
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Of a concatenation, which a longer one may continue, the second output is the input once more, for that one: what comes back there joins
// the norm's gradient in the pass that writes it, instead of in one of its own.
struct Norm : torch::autograd::Function<Norm> {
    static variable_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                 const at::Tensor& runningMean, const at::Tensor& runningVariance, double momentum, double epsilon, bool relu) {
        at::AutoDispatchBelowADInplaceOrView guard;
        Statistics statistics = statisticsOf(x, runningMean, runningVariance, momentum, epsilon);
        context->save_for_backward({x, weight, bias, statistics.mean, statistics.inverse});
        context->saved_data["relu"] = relu;
        context->set_materialize_grads(false);
        const bool half = x.scalar_type() == at::kBFloat16;
        at::Tensor y = half ? normalize<BFloat16>(x, weight, bias, statistics, relu) : normalize<float>(x, weight, bias, statistics, relu);
        return norm::isAppended(x) ? variable_list{y, x.detach()} : variable_list{y};
    }

    static variable_list backward(AutogradContext* context, variable_list incoming) {
        at::Tensor other = incoming.size() > 1 ? incoming[1] : at::Tensor();
        if (!incoming[0].defined()) return {other, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
        auto saved = context->get_saved_variables();
        const at::Tensor& x = saved[0];
        at::Tensor gradient = incoming[0].to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
        if (other.defined() && (other.scalar_type() != x.scalar_type() || !norm::isRows(other)))
            other = other.to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast);
        const bool relu = context->saved_data["relu"].toBool(), wantsInput = context->needs_input_grad(0);
        auto results = x.scalar_type() == at::kBFloat16 ? gradients<BFloat16>(gradient, x, saved[1], saved[2], {saved[3], saved[4]}, relu, wantsInput, other)
                                                        : gradients<float>(gradient, x, saved[1], saved[2], {saved[3], saved[4]}, relu, wantsInput, other);
        return {results[0], results[1], results[2], at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

bool isFloat(const c10::optional<at::Tensor>& tensor, int64_t count) {
    return tensor.has_value() && tensor->defined() && tensor->scalar_type() == at::kFloat && tensor->is_contiguous() && tensor->numel() == count && tensor->is_cpu();
}

bool suits(const at::Tensor& x, const c10::optional<at::Tensor>& weight, const c10::optional<at::Tensor>& bias, bool training) {
    return training && norm::isRows(x) && x.numel() > x.size(1) && x.size(1) > 1 && isFloat(weight, x.size(1)) && isFloat(bias, x.size(1));
}

at::Tensor batchNorm(const at::Tensor& x, const c10::optional<at::Tensor>& weight, const c10::optional<at::Tensor>& bias,
                     const c10::optional<at::Tensor>& runningMean, const c10::optional<at::Tensor>& runningVariance, bool training, double momentum, double epsilon,
                     bool relu) {
    const bool tracked = runningMean.has_value() && runningMean->defined();
    if (!suits(x, weight, bias, training) || (tracked && !(isFloat(runningMean, x.size(1)) && isFloat(runningVariance, x.size(1))))) {
        at::Tensor y = at::batch_norm(x, weight, bias, runningMean, runningVariance, training, momentum, epsilon, false);
        return relu ? at::relu_(y) : y;
    }
    const at::Tensor mean = tracked ? *runningMean : at::Tensor(), variance = tracked ? *runningVariance : at::Tensor();
    variable_list outputs = Norm::apply(x, *weight, *bias, mean, variance, momentum, epsilon, relu);
    if (outputs.size() > 1 && outputs[1].requires_grad()) norm::goesThrough(x, outputs[1].grad_fn());
    return outputs[0];
}

// In place. Right after a norm whose output nobody else uses, the norm's own backward pass takes the ReLU's part: the graph stays as it is.
at::Tensor relu(at::Tensor x) {
    auto function = x.requires_grad() && !x.is_view() ? x.grad_fn() : nullptr;
    auto norm = dynamic_cast<torch::autograd::CppNode<Norm>*>(function.get());
    if (norm == nullptr || function.use_count() > 2 || norm->ctx_.saved_data["relu"].toBool() || !at::GradMode::is_enabled()) return at::relu_(x);
    at::AutoDispatchBelowADInplaceOrView guard;
    at::relu_(x);
    x.unsafeGetTensorImpl()->bump_version();
    norm->ctx_.saved_data["relu"] = true;
    return x;
}

}  // namespace

bool norm::isRows(const at::Tensor& x) {
    return x.is_cpu() && x.layout() == at::kStrided && x.dim() == 4 && x.numel() > 0 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
           rowStep(x) > 0;
}

int64_t norm::rowStep(const at::Tensor& x) {
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

norm::Moments norm::measure(const at::Tensor& x, const std::function<void(int64_t, int64_t)>& visit) {
    return x.scalar_type() == at::kBFloat16 ? moments<BFloat16>(x, visit) : moments<float>(x, visit);
}

TORCH_LIBRARY(cnntorch, library) {
    library.def(
        "batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, "
        "bool relu=False) -> Tensor",
        batchNorm);
    library.def("relu_(Tensor(a!) self) -> Tensor(a!)", relu);
}
