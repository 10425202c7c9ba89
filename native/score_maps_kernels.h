// The loops of score_maps.cpp.
#pragma once
#include "instructions.h"
#include "score.h"

namespace score_maps {

// Some rows or columns of an image: those that an output sees, and what a mean is divided by.
struct Window {
    int64_t top, bottom, left, right;
    float divisor;
};

template <class T>
struct Kernels {
    void (*pool)(const T* image, int64_t width, int64_t pixel, const Window& window, int64_t channels, bool largest, const float* scale,
                 const float* shift, T* y);
    // x · scale + shift for each channel; scale may be null, which is no change.
    void (*affine)(const T* x, int64_t xPixel, int64_t first, int64_t count, int64_t channels, const float* scale, const float* shift, const score::Finish<T>& finish);
    // x · by, which is the same for all pixels where its step is 0.
    void (*multiply)(const T* x, int64_t xPixel, const T* by, int64_t byPixel, int64_t count, int64_t channels, T* y, int64_t yPixel);
    void (*input)(const float* planes, int64_t plane, int64_t first, int64_t count, int64_t channels, const float* mean, const float* factor, T* y, int64_t yPixel);
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace score_maps
