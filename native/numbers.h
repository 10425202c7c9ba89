// What all parts and their loops share: bfloat16, and how functions in headers are marked.
#pragma once
#include <cstdint>
#include <type_traits>

// The loops are compiled once for each instruction set. What they share with the rest is always inlined: as a function of its own, a linker
// would keep one of the copies for all, which may have instructions that the processor lacks.
#define CNN_INLINE inline __attribute__((always_inline))

CNN_INLINE int64_t lesser(int64_t a, int64_t b) { return a < b ? a : b; }
CNN_INLINE int64_t greater(int64_t a, int64_t b) { return a > b ? a : b; }

// What the numbers of each channel go through before a convolution: relu((x − mean)·scale + shift). Nothing where the pointers are null.
struct NormRelu {
    const float *mean = nullptr, *scale = nullptr, *shift = nullptr;

    CNN_INLINE bool isThere() const { return scale != nullptr; }
    CNN_INLINE NormRelu from(int64_t channel) const { return isThere() ? NormRelu{mean + channel, scale + channel, shift + channel} : *this; }
};

// bfloat16 as the loops see it: the upper half of a float32.
struct BFloat16 {
    uint16_t bits;
};

CNN_INLINE float toFloat(float value) { return value; }

CNN_INLINE float toFloat(BFloat16 value) {
    const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
    float result;
    __builtin_memcpy(&result, &bits, sizeof result);
    return result;
}

// Rounded to the nearest, to the even one of two; NaN stays NaN.
template <class T>
CNN_INLINE T fromFloat(float value) {
    if constexpr (std::is_same_v<T, float>) {
        return value;
    } else {
        uint32_t bits;
        __builtin_memcpy(&bits, &value, sizeof bits);
        if (value != value) return {0x7fc0};
        return {static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16)};
    }
}
