// The loops of direct.cpp.
#include "direct_kernels.h"
#include "vectors.h"

#include <atomic>

namespace direct::CNN_SET {

// Outputs that are spread at a time: their sums fit into the registers.
#ifdef CNN_AVX512
static constexpr int Spread = 12;
#else
static constexpr int Spread = 4;
#endif

static constexpr int64_t Next = 32;  // numbers of a pixel that are fetched ahead

// 16 numbers from `channel` on of each pixel.
template <class T>
static void pack(const T* const* pixels, int64_t steps, int64_t channel, float* to, int64_t toStep) {
    for (int64_t s = 0; s < steps; s++) {
        __builtin_prefetch(pixels[s] + channel + Next);
        store(load(pixels[s] + channel), to + s * toStep);
    }
}

// The same, of what the norm and its ReLU make of them, in steps of 16.
template <class T>
static void packNormed(const T* const* pixels, int64_t steps, int64_t channel, const NormRelu& norm, float* to) {
    for (int64_t s = 0; s < steps; s++) {
        __builtin_prefetch(pixels[s] + channel + Next);
        store(normed(load(pixels[s] + channel), norm, channel), to + 16 * s);
    }
}

// Adds (steps × 8)ᵀ by steps × `width` to 8 rows of sums.
template <class Numbers>
static void accumulate(const float* inputs, const float* gradients, int64_t steps, int64_t width, float* sums, int64_t row, bool add) {
    if (width == 32) product<Numbers, Rows, 2>(inputs, 1, 16, gradients, 32, steps, sums, row, add);
    else product<Numbers, Rows, 1>(inputs, 1, 16, gradients, 16, steps, sums, row, add);
}

template <int Pixels, class T>
CNN_INLINE void spreadSome(const T* gradients, int64_t numbers, const float* filters, float* line, int64_t step) {
    Vector sum[Pixels] = {};
    for (int64_t o = 0; o < numbers; o++) {
        const Vector filter = load(filters + 16 * o);
        CNN_UNROLL
        for (int p = 0; p < Pixels; p++) sum[p] += toFloat(gradients[p * numbers + o]) * filter;
    }
    CNN_UNROLL
    for (int p = 0; p < Pixels; p++) {
        store(load(line + p * step) + sum[p], line + p * step);
        std::atomic_signal_fence(std::memory_order_seq_cst);  // these overlap, and GCC 12 loads halves of the next before it stores halves of this
    }
}

template <int Most, class T>
static void spreadUpTo(int64_t pixels, const T* gradients, int64_t numbers, const float* filters, float* line, int64_t step) {
    if (pixels == Most) spreadSome<Most>(gradients, numbers, filters, line, step);
    else if constexpr (Most > 1) spreadUpTo<Most - 1>(pixels, gradients, numbers, filters, line, step);
}

template <class T>
static void spread(const T* gradients, int64_t pixels, int64_t numbers, const float* filters, float* line, int64_t step) {
    // Parts of equal size.
    for (int64_t parts = (pixels + Spread - 1) / Spread, part = 0, p = 0, count; part < parts; part++, p += count) {
        count = pixels * (part + 1) / parts - p;
        spreadUpTo<Spread>(count, gradients + p * numbers, numbers, filters, line + p * step, step);
    }
}

// Adds rows of channels: where they fill no vector, 16 rows at a time.
template <class T>
static void sums(const T* from, int64_t rows, int64_t channels, float* to) {
    if (channels < 16) {
        Vector sum[16] = {};
        for (; rows >= 16; rows -= 16)
            for (int64_t v = 0; v < channels; v++, from += 16) sum[v] += load(from);
        for (int64_t i = 0; i < 16 * channels; i++) to[i % channels] += sum[i / 16][i % 16];
    }
    int64_t c = 0;
    for (; c + 16 <= channels; c += 16) {
        Vector sum = load(to + c);
        for (int64_t row = 0; row < rows; row++) sum += load(from + row * channels + c);
        store(sum, to + c);
    }
    for (; c < channels; c++)
        for (int64_t row = 0; row < rows; row++) to[c] += toFloat(from[row * channels + c]);
}

// 16 × 16 sums, of `copies` threads, to gradients of 16 inputs, which lie one behind the other, of 16 outputs.
template <class T>
static void finish(const float* sums, int64_t copies, int64_t copy, int64_t row, T* gradients, int64_t output) {
    Vector rows[16];
    for (int64_t i = 0; i < 16; i++) {
        rows[i] = load(sums + i * row);
        for (int64_t c = 1; c < copies; c++) rows[i] += load(sums + c * copy + i * row);
    }
    transpose(rows);
    for (int64_t o = 0; o < 16; o++) store(rows[o], gradients + o * output);
}

// A number of an image, or a pair, for all outputs.
template <class Numbers, class T>
CNN_INLINE float numbersAt(const T* from) {
    if constexpr (sizeof(T) == sizeof(float)) return *from;
    float pair;
    __builtin_memcpy(&pair, from, sizeof pair);
    return pair;
}

// `Rows` pixels of the output. Where an odd count of numbers makes up a line of pairs, the one behind it meets a zero in the filter.
template <class Numbers, int Vectors, class T>
static void patches(const T* const* at, int64_t count, const Lines& lines, int64_t width, const float* filters, const float* bias, T* y, int64_t pixel) {
    constexpr int64_t Step = sizeof(float) / sizeof(T);
    Vector sum[Rows][Vectors];
    CNN_UNROLL
    for (int r = 0; r < Rows; r++)
        CNN_UNROLL
        for (int v = 0; v < Vectors; v++) sum[r][v] = bias == nullptr ? Vector{} : load(bias + 16 * v);
    for (int64_t line = 0; line < lines.count; line++) {
        for (int64_t k = line * lines.step, last = k + Step * lines.numbers; k < last; k += Step, filters += 16 * Vectors) {
            CNN_UNROLL
            for (int r = 0; r < Rows; r++) {
                const float left = numbersAt<Numbers>(at[r] + k);
                CNN_UNROLL
                for (int v = 0; v < Vectors; v++) sum[r][v] = Numbers::add(sum[r][v], left, load(filters + 16 * v));
            }
        }
    }
    for (int r = 0; r < count; r++) {
        for (int v = 0; v < Vectors; v++) {
            if (16 * v + 16 <= width) store(sum[r][v], y + r * pixel + 16 * v);
            else
                for (int64_t o = 16 * v; o < width; o++) y[r * pixel + o] = fromFloat<T>(sum[r][v][o - 16 * v]);
        }
    }
}

template <class Numbers, class T>
static void patchesOf(const T* const* at, int64_t count, const Lines& lines, int64_t width, const float* filters, const float* bias, T* y, int64_t pixel) {
    if (width > 16) patches<Numbers, 2>(at, count, lines, width, filters, bias, y, pixel);
    else patches<Numbers, 1>(at, count, lines, width, filters, bias, y, pixel);
}

template <class T>
static constexpr Kernels<T> table() {
    if constexpr (std::is_same_v<T, float>) return {1, pack<T>, packNormed<T>, accumulate<Single>, spread<T>, finish<T>, sums<T>, patchesOf<Single, T>};
    else return {1, pack<T>, packNormed<T>, accumulate<Single>, spread<T>, finish<T>, sums<T>, nullptr};
}

#ifdef CNN_PAIRS
static void packPairs(const BFloat16* const* pixels, int64_t steps, int64_t channel, float* to, int64_t toStep) {
    const auto words = [&](int64_t pixel) { return __builtin_convertvector(*reinterpret_cast<const HalvesAt*>(pixels[pixel] + channel), Words); };
    for (int64_t s = 0; s < steps; s++) {
        __builtin_prefetch(pixels[2 * s] + channel + Next);
        __builtin_prefetch(pixels[2 * s + 1] + channel + Next);
        store(reinterpret_cast<Vector>(words(2 * s) | words(2 * s + 1) << 16), to + s * toStep);
    }
}

static void packNormedPairs(const BFloat16* const* pixels, int64_t steps, int64_t channel, const NormRelu& norm, float* to) {
    for (int64_t s = 0; s < steps; s++) {
        __builtin_prefetch(pixels[2 * s] + channel + Next);
        __builtin_prefetch(pixels[2 * s + 1] + channel + Next);
        store(paired(normed(load(pixels[2 * s] + channel), norm, channel), normed(load(pixels[2 * s + 1] + channel), norm, channel)), to + 16 * s);
    }
}

template <>
constexpr Kernels<BFloat16> table() { return {2, packPairs, packNormedPairs, accumulate<Pair>, spread<BFloat16>, finish<BFloat16>, sums<BFloat16>, patchesOf<Pair, BFloat16>}; }
#endif

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace direct::CNN_SET
