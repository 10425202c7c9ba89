// Which of the instruction sets of each_instruction_set.inc this processor has.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>

inline bool hasAvx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
inline bool hasAvx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
inline bool hasBFloat16() { return hasAvx512() && __builtin_cpu_supports("avx512bf16"); }
#define CNN_BEST(kernels) (hasAvx512() ? avx512::kernels : hasAvx2() ? avx2::kernels : basic::kernels)
#define CNN_BEST_WITH_PAIRS(kernels) (hasBFloat16() ? avx512bf16::kernels : CNN_BEST(kernels))
#else
#define CNN_BEST(kernels) basic::kernels
#define CNN_BEST_WITH_PAIRS(kernels) CNN_BEST(kernels)
#endif
