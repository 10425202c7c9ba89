// Loops of residual.cpp over dense rows of `channels` numbers, one row a pixel.
#include "residual_kernels.h"
#include "channels.h"

namespace residual::CNN_SET {

template <class T>
static void forward(const T* __restrict x, const T* __restrict other, const float* __restrict mean, const float* __restrict scale, const float* __restrict shift,
                    int64_t rows, int64_t channels, T* __restrict y) {
    for (int64_t r = 0; r < rows; r++, x += channels, other += channels, y += channels) {
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V value = (read<V>(x + c) - read<V>(mean + c)) * read<V>(scale + c) + read<V>(shift + c) + read<V>(other + c), zero = {};
            write(value < zero ? zero : value, y + c);
        });
    }
}

// What comes through the ReLU of one gradient, or of two.
template <class V, bool Two, class T>
CNN_INLINE V passed(const T* g, const T* more, const T* y) {
    const V zero = {};
    V value = read<V>(g);
    if constexpr (Two) value += read<V>(more);
    return read<V>(y) > zero ? value : zero;
}

// Two rows at a time: the sums are loaded and stored once for them.
template <class T, bool Two>
static void backward(const T* __restrict g, const T* __restrict more, const T* __restrict y, const T* __restrict x, const float* __restrict mean, int64_t rows,
                     int64_t channels, T* __restrict result, float* __restrict sum, float* __restrict products) {
    int64_t r = 0;
    for (; r + 2 <= rows; r += 2, g += 2 * channels, more += 2 * channels, y += 2 * channels, x += 2 * channels, result += 2 * channels) {
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const int64_t next = channels + c;
            const V a = passed<V, Two>(g + c, more + c, y + c), b = passed<V, Two>(g + next, more + next, y + next), k = read<V>(mean + c);
            write(a, result + c);
            write(b, result + next);
            add(a + b, sum + c);
            add(a * (read<V>(x + c) - k) + b * (read<V>(x + next) - k), products + c);
        });
    }
    if (r == rows) return;
    eachChannel(channels, [&](auto lanes, int64_t c) {
        using V = decltype(lanes);
        const V a = passed<V, Two>(g + c, more + c, y + c);
        write(a, result + c);
        add(a, sum + c);
        add(a * (read<V>(x + c) - read<V>(mean + c)), products + c);
    });
}

template <class T>
static constexpr Kernels<T> table() {
    return {forward<T>, {backward<T, false>, backward<T, true>}};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace residual::CNN_SET
