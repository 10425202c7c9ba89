// Optimizer steps that touch each number once: PyTorch's SGD and AdamW, which as separate operations go over parameter, gradient and state
// three times and more.
#include "instructions.h"
#include "tensors.h"

#include <ATen/Parallel.h>

#include <cmath>

namespace {

struct AdamW {
    float rate, beta1, rest1, beta2, rest2, epsilon, keep, rootFactor;  // rest: 1 - beta; keep: 1 - rate·decay; rootFactor: 1 / sqrt(1 - beta2^step)
};

using Sgd = void (*)(float*, const float*, float*, int64_t, float, float, float);

struct Steps {
    Sgd plain, momentum, nesterov;
    void (*adamw)(float*, const float*, float*, float*, int64_t, AdamW);
};

#define CNN_KERNELS "step_kernels.inc"
#include "each_instruction_set.inc"
#undef CNN_KERNELS

const Steps& steps() {
    static const Steps best = CNN_BEST(steps());
    return best;
}

float* dataOf(const at::Tensor& tensor) {
    TORCH_CHECK(tensor.scalar_type() == at::kFloat && tensor.is_cpu() && tensor.is_non_overlapping_and_dense(), "the tensor is not dense float32 on the CPU");
    return tensor.data_ptr<float>();
}

// The same numbers in the parameter's order.
at::Tensor likeParameter(const at::Tensor& tensor, const at::Tensor& parameter) {
    return tensor.strides() == parameter.strides() ? tensor : at::empty_like(parameter).copy_(tensor);
}

template <class Work>
void eachStretch(int64_t count, Work work) {
    at::parallel_for(0, count, 32768, [&](int64_t begin, int64_t end) { work(begin, end - begin); });
}

}  // namespace

int cnntorch_sgd(CnnTensor* parameter, const CnnTensor* gradient, CnnTensor* momentum, double rate, double factor, int nesterov, double decay) {
    return guarded([&] {
        at::NoGradGuard noGrad;
        const at::Tensor& w = tensorOf(parameter);
        at::Tensor g = likeParameter(tensorOf(gradient), w);
        float *weight = dataOf(w), *slope = dataOf(g), *buffer = nullptr;
        if (momentum != nullptr) {
            TORCH_CHECK(tensorOf(momentum).strides() == w.strides(), "the momentum is laid out otherwise than the parameter");
            buffer = dataOf(tensorOf(momentum));
        }
        Sgd step = buffer == nullptr ? steps().plain : nesterov ? steps().nesterov : steps().momentum;
        eachStretch(w.numel(), [&](int64_t at, int64_t count) {
            step(weight + at, slope + at, buffer == nullptr ? nullptr : buffer + at, count, static_cast<float>(rate), static_cast<float>(factor), static_cast<float>(decay));
        });
        w.unsafeGetTensorImpl()->bump_version();
    });
}

int cnntorch_adamw(CnnTensor* parameter, const CnnTensor* gradient, CnnTensor* mean, CnnTensor* square, double rate, double beta1, double beta2,
                   double epsilon, double decay, int64_t count) {
    return guarded([&] {
        at::NoGradGuard noGrad;
        const at::Tensor &w = tensorOf(parameter), &m = tensorOf(mean), &v = tensorOf(square);
        TORCH_CHECK(m.strides() == w.strides() && v.strides() == w.strides(), "the state is laid out otherwise than the parameter");
        at::Tensor g = likeParameter(tensorOf(gradient), w);
        float *weight = dataOf(w), *slope = dataOf(g), *means = dataOf(m), *squares = dataOf(v);
        AdamW settings{static_cast<float>(rate / (1 - std::pow(beta1, count))), static_cast<float>(beta1), static_cast<float>(1 - beta1), static_cast<float>(beta2),
                       static_cast<float>(1 - beta2), static_cast<float>(epsilon), static_cast<float>(1 - rate * decay), static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, count)))};
        eachStretch(w.numel(), [&](int64_t at, int64_t n) { steps().adamw(weight + at, slope + at, means + at, squares + at, n, settings); });
        w.unsafeGetTensorImpl()->bump_version();
    });
}
