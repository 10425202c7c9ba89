// Loops of batch norm over images stored channels-last: rows of `channels` numbers, one row a pixel, `step` numbers apart in the input and
// dense in everything else.
#include "norm_kernels.h"
#include "channels.h"

namespace norm::CNN_SET {

// Rows with gaps between them are nothing that the processor foresees: it is told which lines will be wanted, some 6 KiB ahead.
template <class T>
static inline void foresee(const T* x, int64_t step, int64_t channels, int64_t rows = 1) {
    if (step == channels) return;
    const int64_t ahead = rows + 6144 / static_cast<int64_t>(channels * sizeof(T));
    for (int64_t r = ahead; r < ahead + rows; r++)
        for (int64_t c = 0; c < channels; c += 64 / static_cast<int64_t>(sizeof(T))) __builtin_prefetch(x + r * step + c);
}

// Sums of x - origin and of its square. Four rows at a time: the sums are loaded and stored once for them.
template <class T>
static void sums(const T* __restrict x, int64_t step, const float* __restrict origin, int64_t rows, int64_t channels, float* __restrict sum,
                 float* __restrict squares) {
    int64_t r = 0;
    for (; r + 4 <= rows; r += 4, x += 4 * step) {
        foresee(x, step, channels, 4);
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V k = read<V>(origin + c), a = read<V>(x + c) - k, b = read<V>(x + step + c) - k, d = read<V>(x + 2 * step + c) - k, e = read<V>(x + 3 * step + c) - k;
            add((a + b) + (d + e), sum + c);
            add((a * a + b * b) + (d * d + e * e), squares + c);
        });
    }
    for (; r < rows; r++, x += step) {
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V a = read<V>(x + c) - read<V>(origin + c);
            add(a, sum + c);
            add(a * a, squares + c);
        });
    }
}

// The mean is taken off first: where it is large against the deviation, x·scale + (shift − mean·scale) would lose digits. A ReLU that
// follows leaves NaN as it is.
template <class T, bool Relu>
static void normalize(const T* __restrict x, int64_t step, const float* __restrict mean, const float* __restrict scale, const float* __restrict shift,
                      int64_t rows, int64_t channels, T* __restrict y) {
    for (int64_t r = 0; r < rows; r++, x += step, y += channels) {
        foresee(x, step, channels);
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V value = (read<V>(x + c) - read<V>(mean + c)) * read<V>(scale + c) + read<V>(shift + c), zero = {};
            write(Relu ? (value < zero ? zero : value) : value, y + c);
        });
    }
}

// The gradient that reaches the norm: where a ReLU follows, that of its positive outputs.
template <bool Relu, class V>
CNN_INLINE V passed(V gradient, V centred, const float* scale, const float* shift) {
    if constexpr (!Relu) return gradient;
    const V zero = {};
    return centred * read<V>(scale) + read<V>(shift) > zero ? gradient : zero;
}

// Two rows at a time.
template <class T, bool Relu>
static void gradientSums(const T* __restrict gradient, const T* __restrict x, int64_t step, const float* __restrict scale,
                         const float* __restrict shift, const float* __restrict mean, int64_t rows, int64_t channels, float* __restrict sum,
                         float* __restrict products) {
    int64_t r = 0;
    for (; r + 2 <= rows; r += 2, x += 2 * step, gradient += 2 * channels) {
        foresee(x, step, channels, 2);
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V a = read<V>(x + c) - read<V>(mean + c), b = read<V>(x + step + c) - read<V>(mean + c);
            const V g = passed<Relu>(read<V>(gradient + c), a, scale + c, shift + c), h = passed<Relu>(read<V>(gradient + channels + c), b, scale + c, shift + c);
            add(g + h, sum + c);
            add(g * a + h * b, products + c);
        });
    }
    if (r == rows) return;
    eachChannel(channels, [&](auto lanes, int64_t c) {
        using V = decltype(lanes);
        const V a = read<V>(x + c) - read<V>(mean + c), g = passed<Relu>(read<V>(gradient + c), a, scale + c, shift + c);
        add(g, sum + c);
        add(g * a, products + c);
    });
}

// dx = g·scale + (x − mean)·slope + constant, each per channel; and where x is also used otherwise, that gradient, in rows of its own step.
template <class T, bool Relu, bool Other>
static void inputGradient(const T* __restrict gradient, const T* __restrict x, int64_t step, const T* __restrict other, int64_t otherStep,
                          const float* __restrict scale, const float* __restrict shift, const float* __restrict mean,
                          const float* __restrict slope, const float* __restrict constant, int64_t rows, int64_t channels,
                          T* __restrict result) {
    for (int64_t r = 0; r < rows; r++, x += step, other += otherStep, gradient += channels, result += channels) {
        foresee(x, step, channels);
        if (Other) foresee(other, otherStep, channels);
        eachChannel(channels, [&](auto lanes, int64_t c) {
            using V = decltype(lanes);
            const V a = read<V>(x + c) - read<V>(mean + c), g = passed<Relu>(read<V>(gradient + c), a, scale + c, shift + c);
            const V value = g * read<V>(scale + c) + (a * read<V>(slope + c) + read<V>(constant + c));
            if constexpr (Other) write(value + read<V>(other + c), result + c);
            else write(value, result + c);
        });
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {sums<T>, {normalize<T, false>, normalize<T, true>}, {gradientSums<T, false>, gradientSums<T, true>},
            {{inputGradient<T, false, false>, inputGradient<T, false, true>}, {inputGradient<T, true, false>, inputGradient<T, true, true>}}};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace norm::CNN_SET
