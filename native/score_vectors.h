// What the loops of scoring share: for score_X_kernels.cpp alone, which are compiled once for each instruction set.
#pragma once
#include "score.h"
#include "vectors.h"

#include <cmath>

namespace {

CNN_INLINE Vector atLeast(Vector value, float least) {
#ifdef CNN_AVX512
    return reinterpret_cast<Vector>(_mm512_maskz_max_ps(0xffff, _mm512_set1_ps(least), reinterpret_cast<__m512>(value)));
#else
    return value < least ? Vector{} + least : value;
#endif
}

CNN_INLINE Vector atMost(Vector value, float most) {
#ifdef CNN_AVX512
    return reinterpret_cast<Vector>(_mm512_maskz_min_ps(0xffff, _mm512_set1_ps(most), reinterpret_cast<__m512>(value)));
#else
    return value > most ? Vector{} + most : value;
#endif
}

// Only the first `count` of 16 numbers; zeros behind them.
template <class T>
CNN_INLINE Vector loadFirst(const T* from, int64_t count) {
    if (count >= 16) return load(from);
    Vector value{};
#ifdef CNN_AVX512
    const uint32_t mask = (1u << count) - 1;
    if constexpr (std::is_same_v<T, float>) {
        value = reinterpret_cast<Vector>(_mm512_maskz_loadu_ps(static_cast<__mmask16>(mask), from));
    } else {
        const __m256i halves = _mm256_maskz_loadu_epi16(static_cast<__mmask16>(mask), from);
        value = reinterpret_cast<Vector>(reinterpret_cast<Words>(_mm512_maskz_cvtepu16_epi32(0xffff, halves)) << 16);
    }
#else
    for (int64_t i = 0; i < count; i++) value[i] = toFloat(from[i]);
#endif
    return value;
}

template <class T>
CNN_INLINE void storeFirst(Vector value, T* to, int64_t count) {
    if (count >= 16) {
        store(value, to);
        return;
    }
#ifdef CNN_AVX512
    const __mmask16 mask = static_cast<__mmask16>((1u << count) - 1);
    if constexpr (std::is_same_v<T, float>) {
        _mm512_mask_storeu_ps(to, mask, reinterpret_cast<__m512>(value));
    } else {
        BFloat16 all[16];
        store(value, all);
        _mm256_mask_storeu_epi16(to, mask, *reinterpret_cast<const __m256i_u*>(all));
    }
#else
    for (int64_t i = 0; i < count; i++) to[i] = fromFloat<T>(value[i]);
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
