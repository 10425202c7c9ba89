// The instruction sets that the loops are compiled for, and the choice between them. Each X_kernels.cpp is compiled once for each set, in a
// namespace of the set's name (CNN_SET), and gives its loops by kernels(T).
#pragma once
#include "numbers.h"

namespace instructions {

// Better ones later. avx512bf16: products of pairs of bfloat16.
enum Set { basic, avx2, avx512, avx512bf16 };

// The best that this processor has.
Set best();

// The set in use; the best one unless a test asks for another.
Set current();
bool use(int set);

}  // namespace instructions

// Within the namespace of one part, behind its template<class T> struct Kernels: kernels(T{}) gives the loops for numbers of the type T.
#if defined(__x86_64__)
#define CNN_DECLARE_KERNELS(T)                                                   \
    namespace basic { const Kernels<T>& kernels(T); }                            \
    namespace avx2 { const Kernels<T>& kernels(T); }                             \
    namespace avx512 { const Kernels<T>& kernels(T); }                           \
    namespace avx512bf16 { const Kernels<T>& kernels(T); }                       \
    inline const Kernels<T>& kernels(T number) {                                 \
        switch (instructions::current()) {                                       \
            case instructions::avx512bf16: return avx512bf16::kernels(number);   \
            case instructions::avx512: return avx512::kernels(number);           \
            case instructions::avx2: return avx2::kernels(number);               \
            default: return basic::kernels(number);                              \
        }                                                                        \
    }
#else
#define CNN_DECLARE_KERNELS(T)                        \
    namespace basic { const Kernels<T>& kernels(T); } \
    inline const Kernels<T>& kernels(T number) { return basic::kernels(number); }
#endif

// At the end of an X_kernels.cpp, behind its constexpr table<T>().
#define CNN_DEFINE_KERNELS(T)                          \
    const Kernels<T>& kernels(T) {                     \
        static constexpr Kernels<T> those = table<T>(); \
        return those;                                  \
    }
