// Loops of pool.cpp. A Vector is 16 channels of one pixel.
#include "pool_kernels.h"
#include "vectors.h"

namespace pool::CNN_SET {

typedef uint8_t Bytes __attribute__((vector_size(16)));
typedef uint8_t BytesAt __attribute__((vector_size(16), aligned(1)));

#ifdef CNN_AVX512
CNN_INLINE Words placesAt(const uint8_t* from) { return reinterpret_cast<Words>(_mm512_maskz_cvtepu8_epi32(0xffff, *reinterpret_cast<const __m128i_u*>(from))); }

CNN_INLINE void storePlaces(Words places, uint8_t* to) { *reinterpret_cast<__m128i_u*>(to) = _mm512_maskz_cvtepi32_epi8(0xffff, reinterpret_cast<__m512i>(places)); }
#else
// By way of 16 bits: GCC takes single numbers for the whole way.
CNN_INLINE Words placesAt(const uint8_t* from) { return __builtin_convertvector(__builtin_convertvector(*reinterpret_cast<const BytesAt*>(from), Halves), Words); }

CNN_INLINE void storePlaces(Words places, uint8_t* to) { *reinterpret_cast<BytesAt*>(to) = __builtin_convertvector(__builtin_convertvector(places, Halves), Bytes); }
#endif

// The part of a window that lies within the image.
struct Span {
    int64_t first, end;
};

CNN_INLINE Span within(int64_t begin, int64_t window, int64_t size) { return {greater(0, -begin), lesser(window, size - begin)}; }

// The outputs whose windows have this place.
CNN_INLINE Span covering(int64_t at, int64_t window, int64_t stride, int64_t padding, int64_t outputs) {
    const int64_t before = at + padding - window;
    return {before < 0 ? 0 : before / stride + 1, lesser(outputs, (at + padding) / stride + 1)};
}

// Some vectors of channels of one output, at a time. Where there is no norm, only the output and its place are of interest.
template <bool Norm, int Vectors, class T>
CNN_INLINE void largestOf(const T* image, const Pool& pool, int64_t top, int64_t left, const Span& down, const Span& across, int64_t c, const Scaling& norm, T* largest, T* y,
                          uint8_t* places) {
    Vector best[Vectors], input[Vectors], sign[Vectors];
    Words place[Vectors];
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) {
        if constexpr (Norm) sign[v] = load(norm.sign + c + 16 * v);
        best[v] = Vector{} - __builtin_inff();
        input[v] = Vector{};
        place[v] = Words{} + static_cast<uint32_t>(down.first * pool.window[1] + across.first);
    }
    for (int64_t i = down.first; i < down.end; i++) {
        const T* pixels = image + ((top + i) * pool.size[1] + left + across.first) * pool.channels + c;
        for (int64_t j = across.first; j < across.end; j++, pixels += pool.channels) {
            const Words here = Words{} + static_cast<uint32_t>(i * pool.window[1] + j);
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) {
                const Vector pixel = load(pixels + 16 * v);
                Vector value = pixel;
                if constexpr (Norm) value *= sign[v];
                const auto larger = (value > best[v]) | (value != value);  // NaN comes through
                best[v] = larger ? value : best[v];
                if constexpr (Norm) input[v] = larger ? pixel : input[v];
                place[v] = larger ? here : place[v];
            }
        }
    }
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) {
        const int64_t at = c + 16 * v;
        const Vector zero = {};
        Vector result = best[v];
        if constexpr (Norm) {
            result = (input[v] - load(norm.mean + at)) * load(norm.scale + at) + load(norm.shift + at);
            store(input[v], largest + at);
        }
        store(result < zero ? zero : result, y + at);
        storePlaces(result > zero ? place[v] : Words{} + Stopped, places + at);
    }
}

// The same of one channel, of those that fill no vector.
template <bool Norm, class T>
CNN_INLINE void largestOfOne(const T* image, const Pool& pool, int64_t top, int64_t left, const Span& down, const Span& across, int64_t c, const Scaling& norm, T* largest, T* y,
                             uint8_t* places) {
    const float sign = Norm ? norm.sign[c] : 1.0f;
    float best = -__builtin_inff(), input = 0;
    int64_t place = down.first * pool.window[1] + across.first;
    for (int64_t i = down.first; i < down.end; i++) {
        for (int64_t j = across.first; j < across.end; j++) {
            const float pixel = toFloat(image[((top + i) * pool.size[1] + left + j) * pool.channels + c]), value = pixel * sign;
            if (!(value > best) && value == value) continue;
            best = value;
            input = pixel;
            place = i * pool.window[1] + j;
        }
    }
    const float result = Norm ? (input - norm.mean[c]) * norm.scale[c] + norm.shift[c] : best;
    if (Norm) largest[c] = fromFloat<T>(input);
    y[c] = fromFloat<T>(result < 0 ? 0 : result);
    places[c] = result > 0 ? static_cast<uint8_t>(place) : Stopped;
}

// One row of outputs of one image.
template <class T, bool Norm>
static void forward(const T* image, const Pool& pool, int64_t row, const Scaling& norm, T* largest, T* y, uint8_t* places) {
    const int64_t channels = pool.channels, top = row * pool.stride[0] - pool.padding[0];
    const Span down = within(top, pool.window[0], pool.size[0]);
    for (int64_t o = 0; o < pool.outputs[1]; o++, largest += Norm ? channels : 0, y += channels, places += channels) {
        const int64_t left = o * pool.stride[1] - pool.padding[1];
        const Span across = within(left, pool.window[1], pool.size[1]);
        int64_t c = 0;
        for (; c + 64 <= channels; c += 64) largestOf<Norm, 4>(image, pool, top, left, down, across, c, norm, largest, y, places);
        for (; c + 16 <= channels; c += 16) largestOf<Norm, 1>(image, pool, top, left, down, across, c, norm, largest, y, places);
        for (; c < channels; c++) largestOfOne<Norm>(image, pool, top, left, down, across, c, norm, largest, y, places);
    }
}

// The sums of a norm's gradients over some of the outputs.
template <class T>
static void sums(const T* g, const T* largest, const uint8_t* places, const float* mean, int64_t rows, int64_t channels, float* sum, float* products) {
    int64_t c = 0;
    for (; c + 16 <= channels; c += 16) {
        const Vector middle = load(mean + c), zero = {};
        Vector s = load(sum + c), p = load(products + c);
        for (int64_t at = c; at < rows * channels; at += channels) {
            const Vector value = placesAt(places + at) == Stopped ? zero : load(g + at);
            s += value;
            p += value * (load(largest + at) - middle);
        }
        store(s, sum + c);
        store(p, products + c);
    }
    for (; c < channels; c++) {
        for (int64_t at = c; at < rows * channels; at += channels) {
            const float value = places[at] == Stopped ? 0 : toFloat(g[at]);
            sum[c] += value;
            products[c] += value * (toFloat(largest[at]) - mean[c]);
        }
    }
}

// Some vectors of channels of one input's gradient. `place` is the input's place in the first window that covers it.
template <bool Norm, int Vectors, class T>
CNN_INLINE void gradientOf(const T* g, const uint8_t* places, const T* x, const Pool& pool, const Span& down, const Span& across, int64_t place, int64_t c, const Slopes& norm, T* result) {
    Vector sum[Vectors] = {};
    for (int64_t i = down.first; i < down.end; i++, place -= pool.stride[0] * pool.window[1]) {
        int64_t at = (i * pool.outputs[1] + across.first) * pool.channels + c, here = place;
        for (int64_t j = across.first; j < across.end; j++, here -= pool.stride[1], at += pool.channels) {
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) sum[v] += placesAt(places + at + 16 * v) == static_cast<uint32_t>(here) ? load(g + at + 16 * v) : Vector{};
        }
    }
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) {
        const int64_t at = c + 16 * v;
        if constexpr (Norm) sum[v] = sum[v] * load(norm.scale + at) + ((load(x + at) - load(norm.mean + at)) * load(norm.slope + at) + load(norm.constant + at));
        store(sum[v], result + at);
    }
}

// The same of one channel.
template <bool Norm, class T>
CNN_INLINE void gradientOfOne(const T* g, const uint8_t* places, const T* x, const Pool& pool, const Span& down, const Span& across, int64_t place, int64_t c, const Slopes& norm, T* result) {
    float sum = 0;
    for (int64_t i = down.first; i < down.end; i++, place -= pool.stride[0] * pool.window[1]) {
        int64_t at = (i * pool.outputs[1] + across.first) * pool.channels + c, here = place;
        for (int64_t j = across.first; j < across.end; j++, here -= pool.stride[1], at += pool.channels) sum += places[at] == here ? toFloat(g[at]) : 0;
    }
    if (Norm) sum = sum * norm.scale[c] + ((toFloat(x[c]) - norm.mean[c]) * norm.slope[c] + norm.constant[c]);
    result[c] = fromFloat<T>(sum);
}

// One row of the inputs' gradient, for an image's outputs.
template <class T, bool Norm>
static void inputGradient(const T* g, const uint8_t* places, const T* x, const Pool& pool, int64_t row, const Slopes& norm, T* result) {
    const int64_t channels = pool.channels;
    const Span down = covering(row, pool.window[0], pool.stride[0], pool.padding[0], pool.outputs[0]);
    for (int64_t pixel = 0; pixel < pool.size[1]; pixel++, x += Norm ? channels : 0, result += channels) {
        const Span across = covering(pixel, pool.window[1], pool.stride[1], pool.padding[1], pool.outputs[1]);
        const int64_t place = (row + pool.padding[0] - down.first * pool.stride[0]) * pool.window[1] + pixel + pool.padding[1] - across.first * pool.stride[1];
        int64_t c = 0;
        for (; c + 64 <= channels; c += 64) gradientOf<Norm, 4>(g, places, x, pool, down, across, place, c, norm, result);
        for (; c + 16 <= channels; c += 16) gradientOf<Norm, 1>(g, places, x, pool, down, across, place, c, norm, result);
        for (; c < channels; c++) gradientOfOne<Norm>(g, places, x, pool, down, across, place, c, norm, result);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {{forward<T, false>, forward<T, true>}, sums<T>, {inputGradient<T, false>, inputGradient<T, true>}};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace pool::CNN_SET
