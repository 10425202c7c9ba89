// One pass of an optimizer over a stretch of a parameter.
#include "step_kernels.h"

namespace step::CNN_SET {

template <bool Momentum, bool Nesterov>
static void sgd(float* __restrict weight, const float* __restrict gradient, float* __restrict momentum, int64_t count, float rate, float factor, float decay) {
    for (int64_t i = 0; i < count; i++) {
        float w = weight[i], g = gradient[i] + decay * w;
        if (Momentum) {
            float m = momentum[i] * factor + g;
            momentum[i] = m;
            g = Nesterov ? g + factor * m : m;
        }
        weight[i] = w - rate * g;
    }
}

static void adamw(float* __restrict weight, const float* __restrict gradient, float* __restrict mean, float* __restrict square, int64_t count, AdamW a) {
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i], m = mean[i] * a.beta1 + a.rest1 * g, v = square[i] * a.beta2 + a.rest2 * g * g;
        mean[i] = m;
        square[i] = v;
        weight[i] = weight[i] * a.keep - a.rate * m / (__builtin_sqrtf(v) * a.rootFactor + a.epsilon);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {sgd<false, false>, sgd<true, false>, sgd<true, true>, adamw};
}


CNN_DEFINE_KERNELS(float)

}  // namespace step::CNN_SET
