// Batch norm in training on images stored channels-last, in float32 or bfloat16, and the ReLU that follows it. Forward reads the input
// twice (once where its statistics are known already) and backward input and gradient twice: that is all the memory traffic there is, while
// libtorch takes the ReLU in passes of its own. Statistics are summed in float32 around the first row's values, and in float64 from block to
// block.
#include "norm.h"
#include "instructions.h"
#include "numbers.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include <cmath>
#include <vector>

using norm::byType;
using norm::dataOf;
using norm::eachRows;
using norm::Gradients;
using norm::Parameters;
using norm::Statistics;
using norm::sumRows;

namespace {

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
#include "best_kernels.inc"

template <class T>
norm::Moments moments(const at::Tensor& x, const std::function<void(int64_t, int64_t)>& visit) {
    const int64_t channels = x.size(1), rows = x.numel() / channels, step = norm::rowStep(x);
    const T* data = dataOf<const T>(x);
    std::vector<float> origin(channels);
    for (int64_t c = 0; c < channels; c++) origin[c] = toFloat(data[c]);
    std::vector<double> sum, squares;
    sumRows(rows, channels, sum, squares, [&](int64_t row, int64_t count, float* s, float* q) {
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

template <class T>
at::Tensor normalize(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Statistics& statistics, bool relu) {
    at::Tensor y = at::empty_like(x, x.options(), at::MemoryFormat::ChannelsLast);
    const int64_t channels = x.size(1), step = norm::rowStep(x);
    const at::Tensor scaled = weight * statistics.inverse;
    const float *mean = dataOf<float>(statistics.mean), *scale = dataOf<float>(scaled), *shift = dataOf<float>(bias);
    eachRows(x.numel() / channels, channels, [&](int64_t row, int64_t count) {
        kernels<T>().normalize[relu](dataOf<const T>(x) + row * step, step, mean, scale, shift, count, channels, dataOf<T>(y) + row * channels);
    });
    return y;
}

template <class T>
Gradients gradients(const at::Tensor& g, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Statistics& statistics, bool relu) {
    const int64_t channels = x.size(1), rows = x.numel() / channels, step = norm::rowStep(x);
    const at::Tensor scaled = weight * statistics.inverse;
    const float *mean = dataOf<float>(statistics.mean), *scale = dataOf<float>(scaled), *shift = dataOf<float>(bias);
    std::vector<double> sum, products;
    sumRows(rows, channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        kernels<T>().gradientSums[relu](dataOf<const T>(g) + row * channels, dataOf<const T>(x) + row * step, step, scale, shift, mean, count, channels, s, p);
    });
    return norm::gradientsOf(weight, statistics, rows, sum, products);
}

// Of the input: where a ReLU follows, of the outputs that it lets through, and with another gradient of the input's where there is one.
template <class T>
at::Tensor inputGradient(const at::Tensor& g, const at::Tensor& x, const float* shift, const Statistics& statistics, const Gradients& gradients, bool relu, const at::Tensor& other) {
    const int64_t channels = x.size(1), step = norm::rowStep(x), otherStep = other.defined() ? norm::rowStep(other) : 0;
    at::Tensor result = at::empty_like(x, x.options(), at::MemoryFormat::ChannelsLast);
    const T* more = other.defined() ? dataOf<const T>(other) : nullptr;
    eachRows(x.numel() / channels, channels, [&](int64_t row, int64_t count) {
        kernels<T>().inputGradient[relu][more != nullptr](
            dataOf<const T>(g) + row * channels, dataOf<const T>(x) + row * step, step, more + row * otherStep, otherStep, dataOf<float>(gradients.scale), shift,
            dataOf<float>(statistics.mean), gradients.slope.data(), gradients.constant.data(), count, channels, dataOf<T>(result) + row * channels);
    });
    return result;
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Of a concatenation, which a longer one may continue, the second output is the input once more, for that one: what comes back there joins
// the norm's gradient in the pass that writes it, instead of in one of its own.
struct Norm : torch::autograd::Function<Norm> {
    static variable_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, const Parameters& parameters, bool relu) {
        at::AutoDispatchBelowADInplaceOrView guard;
        const Statistics statistics = norm::statisticsOf(x, parameters);
        context->save_for_backward({x, weight, bias, statistics.mean, statistics.inverse});
        context->saved_data["relu"] = relu;
        context->saved_data["epsilon"] = parameters.epsilon;
        context->set_materialize_grads(false);
        at::Tensor y = byType(x, [&](auto number) { return normalize<decltype(number)>(x, weight, bias, statistics, relu); });
        return norm::isAppended(x) ? variable_list{y, x.detach()} : variable_list{y};
    }

    static variable_list backward(AutogradContext* context, variable_list incoming) {
        at::Tensor other = incoming.size() > 1 ? incoming[1] : at::Tensor();
        if (!incoming[0].defined()) return {other, at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &bias = saved[2], g = norm::dense(incoming[0], x);
        const Statistics statistics{saved[3], saved[4]};
        if (other.defined() && (other.scalar_type() != x.scalar_type() || !norm::isRows(other))) other = norm::dense(other, x);
        const bool relu = context->saved_data["relu"].toBool();
        if (at::GradMode::is_enabled()) {
            const auto forward = [&] { return norm::libtorchs(x, saved[1], bias, context->saved_data["epsilon"].toDouble(), relu); };
            const variable_list theirs = norm::differentiable({x, saved[1], bias}, forward, g);
            return {other.defined() ? theirs[0] + other : theirs[0], theirs[1], theirs[2], at::Tensor(), at::Tensor()};
        }
        return byType(x, [&](auto number) -> variable_list {
            using T = decltype(number);
            const Gradients ours = gradients<T>(g, x, saved[1], bias, statistics, relu);
            const at::Tensor ofInput = context->needs_input_grad(0) ? inputGradient<T>(g, x, dataOf<float>(bias), statistics, ours, relu, other) : at::Tensor();
            return {ofInput, ours.weight, ours.bias, at::Tensor(), at::Tensor()};
        });
    }
};

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

bool norm::suits(const at::Tensor& x, const Parameters& parameters) {
    const auto isFloat = [&](const at::Tensor& tensor) {
        return tensor.defined() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous() && tensor.numel() == x.size(1) && tensor.is_cpu();
    };
    return isRows(x) && x.numel() > x.size(1) && x.size(1) > 1 && isFloat(parameters.weight) && isFloat(parameters.bias) &&
           (!parameters.averageMean.defined() || (isFloat(parameters.averageMean) && isFloat(parameters.averageVariance)));
}

norm::Parameters norm::parametersOf(const Optional& weight, const Optional& bias, const Optional& averageMean, const Optional& averageVariance, double momentum, double epsilon) {
    const auto orUndefined = [](const Optional& tensor) { return tensor.has_value() ? *tensor : at::Tensor(); };
    return {orUndefined(weight), orUndefined(bias), orUndefined(averageMean), orUndefined(averageVariance), momentum, epsilon};
}

at::Tensor norm::batchNorm(const at::Tensor& x, const Optional& weight, const Optional& bias, const Optional& averageMean, const Optional& averageVariance, bool training,
                           double momentum, double epsilon, bool relu) {
    const Parameters parameters = parametersOf(weight, bias, averageMean, averageVariance, momentum, epsilon);
    if (!training || !suits(x, parameters)) {
        at::Tensor y = at::batch_norm(x, weight, bias, averageMean, averageVariance, training, momentum, epsilon, false);
        return relu ? at::relu_(y) : y;
    }
    variable_list outputs = Norm::apply(x, parameters.weight, parameters.bias, parameters, relu);
    if (outputs.size() > 1 && outputs[1].requires_grad()) goesThrough(x, outputs[1].grad_fn());
    return outputs[0];
}

norm::Statistics norm::statisticsOf(const at::Tensor& x, const Parameters& parameters) {
    std::optional<Moments> kept = norm::kept(x);
    const Moments moments = kept ? std::move(*kept) : measure(x);
    const int64_t channels = x.size(1), rows = x.numel() / channels;
    Statistics result{at::empty({channels}, at::kFloat), at::empty({channels}, at::kFloat)};
    float *mean = dataOf<float>(result.mean), *inverse = dataOf<float>(result.inverse);
    const bool averages = parameters.averageMean.defined();
    float *averageMean = averages ? dataOf<float>(parameters.averageMean) : nullptr, *averageVariance = averages ? dataOf<float>(parameters.averageVariance) : nullptr;
    for (int64_t c = 0; c < channels; c++) {
        const double variance = moments.variance[c];
        mean[c] = static_cast<float>(moments.mean[c]);
        inverse[c] = static_cast<float>(1 / std::sqrt(variance + parameters.epsilon));
        if (!averages) continue;
        averageMean[c] += static_cast<float>(parameters.momentum * (mean[c] - averageMean[c]));
        averageVariance[c] += static_cast<float>(parameters.momentum * (variance * rows / (rows - 1) - averageVariance[c]));
    }
    return result;
}

norm::Gradients norm::gradientsOf(const at::Tensor& weight, const Statistics& statistics, int64_t rows, const std::vector<double>& sum, const std::vector<double>& products) {
    const int64_t channels = weight.numel();
    Gradients result{at::empty({channels}, at::kFloat), at::empty({channels}, at::kFloat), weight * statistics.inverse, std::vector<float>(channels), std::vector<float>(channels)};
    const float *scale = dataOf<float>(result.scale), *inverse = dataOf<float>(statistics.inverse);
    for (int64_t c = 0; c < channels; c++) {
        result.slope[c] = static_cast<float>(-static_cast<double>(scale[c]) * inverse[c] * inverse[c] * products[c] / rows);
        result.constant[c] = static_cast<float>(-scale[c] * sum[c] / rows);
        dataOf<float>(result.weight)[c] = static_cast<float>(products[c] * inverse[c]);
        dataOf<float>(result.bias)[c] = static_cast<float>(sum[c]);
    }
    return result;
}

at::Tensor norm::inputGradient(const at::Tensor& g, const at::Tensor& x, const Statistics& statistics, const Gradients& gradients) {
    return byType(x, [&](auto number) { return ::inputGradient<decltype(number)>(g, x, nullptr, statistics, gradients, false, at::Tensor()); });
}

at::Tensor norm::libtorchs(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double epsilon, bool relu) {
    const at::Tensor y = at::batch_norm(x, weight, bias, at::Tensor(), at::Tensor(), true, 0, epsilon, false);
    return relu ? at::relu(y) : y;
}

torch::autograd::variable_list norm::differentiable(const variable_list& inputs, const std::function<at::Tensor()>& forward, const at::Tensor& g) {
    variable_list wanted, results(inputs.size());
    std::copy_if(inputs.begin(), inputs.end(), std::back_inserter(wanted), [](const at::Tensor& input) { return input.requires_grad(); });
    const variable_list gradients = torch::autograd::grad({forward()}, wanted, {g}, true, true, true);
    for (size_t i = 0, next = 0; i < inputs.size(); i++)
        if (inputs[i].requires_grad()) results[i] = gradients[next++];
    return results;
}

at::Tensor norm::secondOutput(const at::Tensor& x, const std::shared_ptr<torch::autograd::Node>& node) {
    at::Tensor same = x.variable_data();
    torch::autograd::impl::set_version_counter(same, torch::autograd::impl::version_counter(x));
    torch::autograd::impl::set_gradient_edge(same, {node, 1});
    return same;
}

TORCH_LIBRARY(cnntorch, library) {
    library.def(
        "batch_norm(Tensor input, Tensor? weight, Tensor? bias, Tensor? running_mean, Tensor? running_var, bool training, float momentum, float eps, "
        "bool relu=False) -> Tensor",
        norm::batchNorm);
    library.def("relu_(Tensor(a!) self) -> Tensor(a!)", relu);
}
