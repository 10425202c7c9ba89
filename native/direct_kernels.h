// The loops of direct.cpp: what they work on, and what there is of them for each instruction set.
#pragma once
#include "direct.h"
#include "instructions.h"

namespace direct {

constexpr int64_t Rows = 8;     // of a product that are summed at a time
constexpr int64_t Panel = 32;   // outputs of a product that are summed at a time
constexpr int64_t Steps = 128;  // numbers, or pairs, of a sum that are gathered at a time: a panel of them fills half of the nearest cache

// The lines of an image that an output sees: how many, how far apart, and how many numbers, or pairs of them, in each.
struct Lines {
    int64_t count, step, numbers;
};

template <class T>
struct Kernels {
    int64_t numbers;  // that lie together in the place of one: two where products are of pairs
    void (*pack)(const T* const*, int64_t, int64_t, float*, int64_t);
    void (*packNormed)(const T* const*, int64_t, int64_t, const NormRelu&, float*);
    void (*accumulate)(const float*, const float*, int64_t, int64_t, float*, int64_t, bool);
    // Adds to a line of an image, whose pixels under two outputs are `step` apart, what comes back from these outputs: `numbers` of them, by filters of
    // 16 places.
    void (*spread)(const T*, int64_t pixels, int64_t numbers, const float* filters, float* line, int64_t step);
    void (*finish)(const float*, int64_t, int64_t, int64_t, T*, int64_t);
    void (*sums)(const T*, int64_t, int64_t, float*);
    // Pixels of up to `width` outputs; null where they are not quick.
    void (*patches)(const T* const*, int64_t, const Lines&, int64_t, const float*, const float*, T*, int64_t);
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace direct
