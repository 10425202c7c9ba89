// The end of a residual block in training: relu(norm(x) + other), in one pass after the statistics where libtorch takes three. What comes back
// to the result from the next block, through its convolutions and around them, is added, stopped by the ReLU and summed for the norm in one pass too.
#include "instructions.h"
#include "norm.h"
#include "tensors.h"

#include <torch/csrc/autograd/custom_function.h>

namespace {

using norm::dataOf;

template <class T>
struct Kernels {
    void (*forward)(const T*, const T*, const float*, const float*, const float*, int64_t, int64_t, T*);
    void (*backward[2])(const T*, const T*, const T*, const T*, const float*, int64_t, int64_t, T*, float*, float*);  // of one gradient, and of two
};

#define CNN_KERNELS "residual_kernels.inc"
#include "best_kernels.inc"

template <class T>
at::Tensor join(const at::Tensor& x, const at::Tensor& other, const at::Tensor& weight, const at::Tensor& bias, const norm::Statistics& statistics) {
    at::Tensor y = at::empty_like(x);
    const int64_t channels = x.size(1);
    const at::Tensor scaled = weight * statistics.inverse;
    const float *mean = dataOf<float>(statistics.mean), *scale = dataOf<float>(scaled), *shift = dataOf<float>(bias);
    norm::eachRows(x.numel() / channels, channels, [&](int64_t row, int64_t count) {
        const int64_t at = row * channels;
        kernels<T>().forward(dataOf<const T>(x) + at, dataOf<const T>(other) + at, mean, scale, shift, count, channels, dataOf<T>(y) + at);
    });
    return y;
}

// Gives what the ReLU lets through of g, and of another gradient where there is one.
template <class T>
norm::Gradients passed(const at::Tensor& g, const at::Tensor& more, const at::Tensor& y, const at::Tensor& x, const at::Tensor& weight, const norm::Statistics& statistics, at::Tensor& result) {
    const int64_t channels = x.size(1), rows = x.numel() / channels;
    const T* second = more.defined() ? dataOf<const T>(more) : nullptr;
    std::vector<double> sum, products;
    norm::sumRows(rows, channels, sum, products, [&](int64_t row, int64_t count, float* s, float* p) {
        const int64_t at = row * channels;
        kernels<T>().backward[second != nullptr](dataOf<const T>(g) + at, second + (second == nullptr ? 0 : at), dataOf<const T>(y) + at, dataOf<const T>(x) + at,
                                                 dataOf<float>(statistics.mean), count, channels, dataOf<T>(result) + at, s, p);
    });
    return norm::gradientsOf(weight, statistics, rows, sum, products);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// The second output is the first once more, for the way around the next block.
struct Residual : torch::autograd::Function<Residual> {
    static variable_list forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& other, const at::Tensor& weight, const at::Tensor& bias,
                                 const norm::Parameters& parameters) {
        at::AutoDispatchBelowADInplaceOrView guard;
        const norm::Statistics statistics = norm::statisticsOf(x, parameters);
        at::Tensor y = norm::byType(x, [&](auto number) { return join<decltype(number)>(x, other, weight, bias, statistics); });
        context->save_for_backward({x, y, weight, statistics.mean, statistics.inverse, bias});
        context->saved_data["epsilon"] = parameters.epsilon;
        context->set_materialize_grads(false);
        return {y, y.detach()};
    }

    static variable_list backward(AutogradContext* context, variable_list incoming) {
        if (!incoming[0].defined()) std::swap(incoming[0], incoming[1]);
        if (!incoming[0].defined()) return variable_list(5);
        const variable_list saved = context->get_saved_variables();
        const at::Tensor &x = saved[0], &y = saved[1], g = norm::dense(incoming[0], x), more = incoming[1].defined() ? norm::dense(incoming[1], x) : at::Tensor();
        const norm::Statistics statistics{saved[3], saved[4]};
        if (at::GradMode::is_enabled()) {
            const at::Tensor stopped = (more.defined() ? g + more : g) * (y > 0);
            const auto forward = [&] { return norm::libtorchs(x, saved[2], saved[5], context->saved_data["epsilon"].toDouble(), false); };
            const variable_list theirs = norm::differentiable({x, saved[2], saved[5]}, forward, stopped);
            return {theirs[0], stopped, theirs[1], theirs[2], at::Tensor()};
        }
        at::Tensor result = at::empty_like(x);
        const norm::Gradients ours = norm::byType(x, [&](auto number) { return passed<decltype(number)>(g, more, y, x, saved[2], statistics, result); });
        const at::Tensor ofInput = context->needs_input_grad(0) ? norm::inputGradient(result, x, statistics, ours) : at::Tensor();
        return {ofInput, result, ours.weight, ours.bias, at::Tensor()};
    }
};

// Where a residual block gave it, and nobody changed it since, by its second output.
at::Tensor around(const at::Tensor& other) {
    const auto node = other.requires_grad() && other.output_nr() == 0 ? other.grad_fn() : nullptr;
    return dynamic_cast<torch::autograd::CppNode<Residual>*>(node.get()) != nullptr ? norm::secondOutput(other, node) : other;
}

bool isDense(const at::Tensor& x) { return x.is_contiguous(at::MemoryFormat::ChannelsLast); }

}  // namespace

int cnntorch_norm_add_relu(const CnnTensor* x, const CnnTensor* other, const CnnTensor* weight, const CnnTensor* bias, const CnnTensor* averageMean,
                           const CnnTensor* averageVariance, double momentum, double epsilon, CnnTensor** result) {
    return guarded([&] {
        *result = nullptr;
        const at::Tensor &input = tensorOf(x), &added = tensorOf(other);
        const norm::Parameters parameters{tensorOf(weight), tensorOf(bias), tensorOf(averageMean), tensorOf(averageVariance), momentum, epsilon};
        if (!norm::suits(input, parameters) || !isDense(input) || !isDense(added) || added.sizes() != input.sizes() || added.scalar_type() != input.scalar_type() || !added.is_cpu()) return;
        *result = newTensor(Residual::apply(input, around(added), parameters.weight, parameters.bias, parameters)[0]);
    });
}
