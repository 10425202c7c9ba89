// The loops of residual.cpp.
#pragma once
#include "instructions.h"

namespace residual {

template <class T>
struct Kernels {
    void (*forward)(const T*, const T*, const float*, const float*, const float*, int64_t, int64_t, T*);
    void (*backward[2])(const T*, const T*, const T*, const T*, const float*, int64_t, int64_t, T*, float*, float*);  // of one gradient, and of two
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace residual
