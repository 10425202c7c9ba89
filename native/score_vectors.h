// What the loops of scoring share: for score_X_kernels.cpp alone, which are compiled once for each instruction set.
#pragma once
#include "score.h"
#include "vectors.h"

#include <cmath>

namespace {

CNN_INLINE Vector atMost(Vector value, float most) {
#ifdef CNN_AVX512
    return reinterpret_cast<Vector>(_mm512_maskz_min_ps(0xffff, _mm512_set1_ps(most), reinterpret_cast<__m512>(value)));
#else
    return value > most ? Vector{} + most : value;
#endif
}

// What an activation that only cuts off leaves.
struct Bounds {
    float least = -INFINITY, most = INFINITY;
};

CNN_INLINE bool bounded(int32_t activation, Bounds& bounds) {
    if (activation != score::none) bounds.least = 0;
    if (activation == score::relu6) bounds.most = 6;
    return activation <= score::relu6;
}

CNN_INLINE Vector activated(Vector value, int32_t activation) {
    switch (activation) {
        case score::relu: return atLeast(value, 0);
        case score::relu6: return atMost(atLeast(value, 0), 6);
        case score::hardswish: return value * atMost(atLeast(value + 3, 0), 6) * (1.0f / 6);
        case score::hardsigmoid: return atMost(atLeast(value + 3, 0), 6) * (1.0f / 6);
        case score::sigmoid:
            for (int i = 0; i < 16; i++) value[i] = 1 / (1 + expf(-value[i]));
            return value;
        default: return value;
    }
}

// The first `count` of 16 sums as outputs of a pixel, from `channel` on.
template <class T>
CNN_INLINE void finish(Vector sum, const score::Finish<T>& finish, int64_t pixel, int64_t channel, int64_t count) {
    sum += loadFirst(finish.bias + channel, count);
    if (finish.other.data != nullptr) sum += loadFirst(finish.other.data + pixel * finish.other.pixel + channel, count);
    sum = activated(sum, finish.activation);
    if (std::is_same_v<T, float> || !finish.wide) storeFirst(sum, finish.y.data + pixel * finish.y.pixel + channel, count);
    else storeFirst(sum, reinterpret_cast<float*>(finish.y.data) + pixel * finish.y.pixel + channel, count);
}

}  // namespace
