// Vectors, and products of matrices made of them: for X_kernels.cpp alone, which are compiled once for each instruction set.
// A Vector is 16 numbers; the processor's registers may be shorter.
#pragma once
#include "numbers.h"

#if defined(__AVX512F__)
#include <immintrin.h>
#define CNN_AVX512
#endif
#if defined(__AVX512BF16__)
#define CNN_PAIRS
#endif
#if defined(__clang__)
#define CNN_UNROLL _Pragma("unroll")
#else
#define CNN_UNROLL _Pragma("GCC unroll 16")
#endif

namespace {

typedef float Vector __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

// The same in memory, where they begin at any number.
typedef float VectorAt __attribute__((vector_size(64), aligned(4)));
typedef uint16_t HalvesAt __attribute__((vector_size(32), aligned(2)));
typedef uint32_t BitsAt __attribute__((vector_size(32), aligned(2)));

CNN_INLINE Vector load(const float* from) { return *reinterpret_cast<const VectorAt*>(from); }

CNN_INLINE Vector load(const BFloat16* from) {
#ifdef CNN_AVX512  // GCC takes two instructions and puts the halves together
    const Words words = reinterpret_cast<Words>(_mm512_maskz_cvtepu16_epi32(0xffff, *reinterpret_cast<const __m256i_u*>(from)));
#else
    const Words words = __builtin_convertvector(*reinterpret_cast<const HalvesAt*>(from), Words);
#endif
    return reinterpret_cast<Vector>(words << 16);
}

CNN_INLINE void store(Vector value, float* to) { *reinterpret_cast<VectorAt*>(to) = value; }

CNN_INLINE void store(Vector value, BFloat16* to) {
#ifdef CNN_PAIRS
    *reinterpret_cast<BitsAt*>(to) = reinterpret_cast<BitsAt>(_mm512_cvtneps_pbh(reinterpret_cast<__m512>(value)));
#else
    Words bits = reinterpret_cast<Words>(value);
    Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
    *reinterpret_cast<HalvesAt*>(to) = __builtin_convertvector(value == value ? rounded : rounded * 0 + 0x7fc0, Halves);
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
    T all[16] = {};
    __builtin_memcpy(all, from, count * sizeof(T));
    value = load(all);
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
    T all[16];
    store(value, all);
    __builtin_memcpy(to, all, count * sizeof(T));
#endif
}

// NaN stays NaN.
CNN_INLINE Vector atLeast(Vector value, float least) {
#ifdef CNN_AVX512
    return reinterpret_cast<Vector>(_mm512_maskz_max_ps(0xffff, _mm512_set1_ps(least), reinterpret_cast<__m512>(value)));
#else
    return value < least ? Vector{} + least : value;
#endif
}

// The 16 channels from `channel` on.
CNN_INLINE Vector normed(Vector value, const NormRelu& norm, int64_t channel) {
    return atLeast((value - load(norm.mean + channel)) * load(norm.scale + channel) + load(norm.shift + channel), 0);
}

#ifdef CNN_PAIRS
// Pairs of bfloat16, rounded.
CNN_INLINE Vector paired(Vector low, Vector high) {
    typedef uint16_t Numbers __attribute__((vector_size(64)));
    const auto both = reinterpret_cast<Numbers>(_mm512_cvtne2ps_pbh(reinterpret_cast<__m512>(high), reinterpret_cast<__m512>(low)));
#if defined(__clang__)
    return reinterpret_cast<Vector>(__builtin_shufflevector(both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
#else
    constexpr Numbers Order = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    return reinterpret_cast<Vector>(__builtin_shuffle(both, Order));
#endif
}
#endif

// Numbers of a, and of b from place 16 on.
CNN_INLINE Vector mixed(Vector a, Vector b, Words places) {
#if defined(__clang__)
    Vector result;
    CNN_UNROLL
    for (int i = 0; i < 16; i++) result[i] = places[i] < 16 ? a[places[i]] : b[places[i] - 16];
    return result;
#else
    return __builtin_shuffle(a, b, places);
#endif
}

// Rows become columns.
CNN_INLINE void transpose(Vector (&rows)[16]) {
    constexpr Words Lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
CNN_UNROLL
    for (uint32_t half = 8; half > 0; half /= 2) {
        const Words low = (Lane & half) == 0 ? Lane : Lane + 16 - half, high = (Lane & half) == 0 ? Lane + half : Lane + 16;
CNN_UNROLL
        for (uint32_t i = 0; i < 16; i++) {
            if ((i & half) != 0) continue;
            const Vector a = rows[i], b = rows[i + half];
            rows[i] = mixed(a, b, low);
            rows[i + half] = mixed(a, b, high);
        }
    }
}

static constexpr int64_t Ahead = 8;  // steps of a product that are fetched ahead

// Sums of products with a number, or with two numbers of 16 bits in its place.
struct Single {
    static CNN_INLINE Vector add(Vector sum, float left, Vector right) { return sum + left * right; }
};

#ifdef CNN_PAIRS
struct Pair {
    static CNN_INLINE Vector add(Vector sum, float left, Vector right) {
        return reinterpret_cast<Vector>(_mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(_mm512_set1_ps(left)), reinterpret_cast<__m512bh>(right)));
    }
};
#endif

// `Rows` rows of a product: sums over `depth` of a's numbers times vectors of b.
template <class Numbers, int Rows, int Vectors>
CNN_INLINE void product(const float* a, int64_t aRow, int64_t aStep, const float* b, int64_t bStep, int64_t depth, float* to, int64_t toRow, bool add) {
    Vector sum[Rows][Vectors];
CNN_UNROLL
    for (int r = 0; r < Rows; r++)
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) sum[r][v] = add ? load(to + r * toRow + 16 * v) : Vector{};
    for (int64_t k = 0; k < depth; k++, a += aStep, b += bStep) {
        Vector right[Vectors];
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) {
            right[v] = load(b + 16 * v);
            __builtin_prefetch(b + Ahead * bStep + 16 * v);
        }
        if (aStep != 1) __builtin_prefetch(a + Ahead * aStep);
        else if (k % 16 == 0) {
CNN_UNROLL
            for (int r = 0; r < Rows; r++) __builtin_prefetch(a + (Rows + r) * aRow);
        }
CNN_UNROLL
        for (int r = 0; r < Rows; r++) {
            const float left = a[r * aRow];
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) sum[r][v] = Numbers::add(sum[r][v], left, right[v]);
        }
    }
CNN_UNROLL
    for (int r = 0; r < Rows; r++)
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) store(sum[r][v], to + r * toRow + 16 * v);
}

}  // namespace
