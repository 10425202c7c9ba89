#include "instructions.h"

#include <atomic>

namespace instructions {

Set best() {
#if defined(__x86_64__)
    const bool hasAvx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (hasAvx512) return __builtin_cpu_supports("avx512bf16") ? avx512bf16 : avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2;
#endif
    return basic;
}

static std::atomic<Set>& chosen() {
    static std::atomic<Set> set{best()};
    return set;
}

Set current() { return chosen().load(std::memory_order_relaxed); }

bool use(int set) {
    if (set < 0 || set > best()) return false;
    chosen() = static_cast<Set>(set);
    return true;
}

}  // namespace instructions
