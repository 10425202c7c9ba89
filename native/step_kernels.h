// The loops of step.cpp.
#pragma once
#include "instructions.h"

namespace step {

struct AdamW {
    float rate, beta1, rest1, beta2, rest2, epsilon, keep, rootFactor;  // rest: 1 - beta; keep: 1 - rate·decay; rootFactor: 1 / sqrt(1 - beta2^step)
};

template <class T>
struct Kernels {
    using Sgd = void (*)(T*, const T*, T*, int64_t, float, float, float);

    Sgd plain, momentum, nesterov;
    void (*adamw)(T*, const T*, T*, T*, int64_t, AdamW);
};

CNN_DECLARE_KERNELS(float)

}  // namespace step
