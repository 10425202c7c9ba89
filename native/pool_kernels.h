// The loops of pool.cpp, and what they work on.
#pragma once
#include "instructions.h"

namespace pool {

// Images' sizes, and windows: {down, across}.
struct Pool {
    int64_t images, channels;
    int64_t size[2], window[2], stride[2], padding[2], outputs[2];

    CNN_INLINE int64_t pixels() const { return size[0] * size[1]; }
    CNN_INLINE int64_t outputPixels() const { return outputs[0] * outputs[1]; }
};

constexpr uint8_t Stopped = 255;  // the place of an output that the ReLU stops

// A number for each channel.
struct Scaling {
    const float *sign, *mean, *scale, *shift;
};

struct Slopes {
    const float *mean, *scale, *slope, *constant;
};

template <class T>
struct Kernels {
    // Without and with a norm.
    void (*forward[2])(const T*, const Pool&, int64_t, const Scaling&, T*, T*, uint8_t*);
    void (*sums)(const T*, const T*, const uint8_t*, const float*, int64_t, int64_t, float*, float*);
    void (*inputGradient[2])(const T*, const uint8_t*, const T*, const Pool&, int64_t, const Slopes&, T*);
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace pool
