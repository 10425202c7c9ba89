// Optimizer steps that touch each number once: PyTorch's SGD and AdamW, which as separate operations go over parameter, gradient and state
// three times and more.
#include "cnnkernels.h"
#include "errors.h"
#include "memory.h"
#include "parallel.h"
#include "step_kernels.h"

#include <algorithm>
#include <utility>
#include <vector>

using torch::Tensor;

namespace {

// Whether its numbers fill one stretch of memory, in whatever order.
bool isDense(const Tensor& x) {
    if (!x.isOnCpu() || x.type() != torch::Float) return false;
    std::vector<std::pair<int64_t, int64_t>> order;  // strides and sizes
    for (int64_t i = 0, n = x.dimensions(); i < n; i++)
        if (x.size(i) != 1) order.emplace_back(x.stride(i), x.size(i));
    std::sort(order.begin(), order.end());
    int64_t step = 1;
    for (const auto& [stride, size] : order) {
        if (stride != step) return false;
        step *= size;
    }
    return true;
}

bool areAlike(const Tensor& a, const Tensor& b) {
    if (!torch::haveEqualSizes(a, b)) return false;
    for (int64_t i = 0, n = a.dimensions(); i < n; i++)
        if (a.size(i) != 1 && a.stride(i) != b.stride(i)) return false;
    return true;
}

// A gradient in the parameter's order, copied where it is in another.
struct Gradient {
    Gradient(const Tensor& gradient, const Tensor& parameter) {
        if (isDense(gradient) && areAlike(gradient, parameter)) {
            data = gradient.data<float>();
            return;
        }
        torch::Handle handle;
        torch::check(torch::aoti_torch_empty_strided(parameter.dimensions(), parameter.sizes(), parameter.strides(), torch::Float, 0, 0, &handle));
        copy = Tensor::own(handle);
        torch::copy(gradient, copy);
        data = copy.data<float>();
    }

    Tensor copy;
    const float* data;
};

template <class Work>
void eachStretch(int64_t count, Work work) {
    parallel::each(0, count, 32768, [&](int64_t begin, int64_t end) { work(begin, end - begin); });
}

// Runs body where the parameter and its state are as the loops take them.
template <class Body>
int onDense(const Tensor& parameter, const Tensor& one, const Tensor& other, Body body) {
    bool suits = false;
    const int done = guarded([&] {
        suits = isDense(parameter) && (one.handle() == nullptr || (isDense(one) && areAlike(one, parameter))) && (other.handle() == nullptr || (isDense(other) && areAlike(other, parameter)));
        if (suits) body();
    });
    return done == 1 && !suits ? -1 : done;
}

}  // namespace

int cnn_sgd(void* parameter, void* gradient, void* momentum, double rate, double factor, int nesterov, double decay) {
    const Tensor w = Tensor::borrow(parameter), buffer = Tensor::borrow(momentum);
    return onDense(w, buffer, Tensor(), [&] {
        const Gradient g(Tensor::borrow(gradient), w);
        float *weight = w.data<float>(), *moments = momentum == nullptr ? nullptr : buffer.data<float>();
        const auto& loops = step::kernels(0.0f);
        const auto step = momentum == nullptr ? loops.plain : nesterov ? loops.nesterov : loops.momentum;
        eachStretch(w.count(), [&](int64_t at, int64_t count) {
            step(weight + at, g.data + at, moments == nullptr ? nullptr : moments + at, count, static_cast<float>(rate), static_cast<float>(factor), static_cast<float>(decay));
        });
    });
}

int cnn_adamw(void* parameter, void* gradient, void* mean, void* square, double beta1, double beta2, double epsilon, double keep, double corrected_rate, double root_factor) {
    const Tensor w = Tensor::borrow(parameter), m = Tensor::borrow(mean), v = Tensor::borrow(square);
    return onDense(w, m, v, [&] {
        const Gradient g(Tensor::borrow(gradient), w);
        float *weight = w.data<float>(), *means = m.data<float>(), *squares = v.data<float>();
        const step::AdamW settings{static_cast<float>(corrected_rate), static_cast<float>(beta1), static_cast<float>(1 - beta1), static_cast<float>(beta2), static_cast<float>(1 - beta2),
                                   static_cast<float>(epsilon), static_cast<float>(keep), static_cast<float>(root_factor)};
        eachStretch(w.count(), [&](int64_t at, int64_t n) { step::kernels(0.0f).adamw(weight + at, g.data + at, means + at, squares + at, n, settings); });
    });
}
