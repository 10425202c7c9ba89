// The loops of norm.cpp.
#pragma once
#include "instructions.h"

namespace norm {

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

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace norm
