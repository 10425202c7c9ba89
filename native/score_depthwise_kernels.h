// The loops of score_depthwise.cpp.
#pragma once
#include "instructions.h"
#include "score.h"

namespace score_depthwise {

// One image, and its place in the output.
struct Image {
    int64_t height, width, pixel, channels;
    int64_t outHeight, outWidth, kernel[2], stride[2], padding[2];
};

template <class T>
struct Kernels {
    // A row of the output. Weights are taps × channels, rounded up to 16.
    void (*row)(const T* image, const Image& shape, const float* weights, int64_t weightRow, int64_t row, const score::Finish<T>& finish, int64_t first);
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace score_depthwise
