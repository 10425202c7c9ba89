// bfloat16 as the kernels see it: the upper half of a float32.
#pragma once
#include <c10/util/BFloat16.h>

#include <cstdint>
#include <type_traits>

struct BFloat16 {
    uint16_t bits;
};

inline float toFloat(float value) { return value; }

inline float toFloat(BFloat16 value) {
    const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
    float result;
    __builtin_memcpy(&result, &bits, sizeof result);
    return result;
}

template <class T>
T fromFloat(float value) {
    if constexpr (std::is_same_v<T, float>) return value;
    else return {c10::detail::round_to_nearest_even(value)};
}
