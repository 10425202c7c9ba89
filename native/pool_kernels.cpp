// Loops of pool.cpp. A Vector is 16 channels of one pixel, or as many as are left.
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

// All channels of a vector.
struct All {
    template <class T>
    CNN_INLINE Vector load(const T* from) const { return ::load(from); }
    template <class T>
    CNN_INLINE void store(Vector value, T* to) const { ::store(value, to); }
    CNN_INLINE Words places(const uint8_t* from) const { return placesAt(from); }
    CNN_INLINE void storePlaces(Words places, uint8_t* to) const { CNN_SET::storePlaces(places, to); }
};

// The first ones.
struct First {
    int64_t count;

    template <class T>
    CNN_INLINE Vector load(const T* from) const { return loadFirst(from, count); }
    template <class T>
    CNN_INLINE void store(Vector value, T* to) const { storeFirst(value, to, count); }

#ifdef CNN_AVX512
    CNN_INLINE Words places(const uint8_t* from) const {
        return reinterpret_cast<Words>(_mm512_maskz_cvtepu8_epi32(0xffff, _mm_maskz_loadu_epi8(static_cast<__mmask16>((1u << count) - 1), from)));
    }
    CNN_INLINE void storePlaces(Words places, uint8_t* to) const {
        _mm_mask_storeu_epi8(to, static_cast<__mmask16>((1u << count) - 1), _mm512_maskz_cvtepi32_epi8(0xffff, reinterpret_cast<__m512i>(places)));
    }
#else
    CNN_INLINE Words places(const uint8_t* from) const {
        uint8_t all[16] = {};
        __builtin_memcpy(all, from, count);
        return placesAt(all);
    }
    CNN_INLINE void storePlaces(Words places, uint8_t* to) const {
        uint8_t all[16];
        CNN_SET::storePlaces(places, all);
        __builtin_memcpy(to, all, count);
    }
#endif
};

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
template <bool Norm, int Vectors, class Some, class T>
CNN_INLINE void largestOf(const Some& some, const T* image, const Pool& pool, int64_t top, int64_t left, const Span& down, const Span& across, int64_t c, const Scaling& norm, T* largest, T* y,
                          uint8_t* places) {
    Vector best[Vectors], input[Vectors], sign[Vectors];
    Words place[Vectors];
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) {
        if constexpr (Norm) sign[v] = some.load(norm.sign + c + 16 * v);
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
                const Vector pixel = some.load(pixels + 16 * v);
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
            result = (input[v] - some.load(norm.mean + at)) * some.load(norm.scale + at) + some.load(norm.shift + at);
            some.store(input[v], largest + at);
        }
        some.store(result < zero ? zero : result, y + at);
        some.storePlaces(result > zero ? place[v] : Words{} + Stopped, places + at);
    }
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
        for (; c + 64 <= channels; c += 64) largestOf<Norm, 4>(All{}, image, pool, top, left, down, across, c, norm, largest, y, places);
        for (; c + 16 <= channels; c += 16) largestOf<Norm, 1>(All{}, image, pool, top, left, down, across, c, norm, largest, y, places);
        if (c < channels) largestOf<Norm, 1>(First{channels - c}, image, pool, top, left, down, across, c, norm, largest, y, places);
    }
}

// The sums of a norm's gradients over some of the outputs.
template <class Some, class T>
CNN_INLINE void sumsOf(const Some& some, const T* g, const T* largest, const uint8_t* places, const float* mean, int64_t rows, int64_t channels, int64_t c, float* sum,
                       float* products) {
    const Vector middle = some.load(mean + c), zero = {};
    Vector s = some.load(sum + c), p = some.load(products + c);
    for (int64_t at = c; at < rows * channels; at += channels) {
        const Vector value = some.places(places + at) == Stopped ? zero : some.load(g + at);
        s += value;
        p += value * (some.load(largest + at) - middle);
    }
    some.store(s, sum + c);
    some.store(p, products + c);
}

template <class T>
static void sums(const T* g, const T* largest, const uint8_t* places, const float* mean, int64_t rows, int64_t channels, float* sum, float* products) {
    int64_t c = 0;
    for (; c + 16 <= channels; c += 16) sumsOf(All{}, g, largest, places, mean, rows, channels, c, sum, products);
    if (c < channels) sumsOf(First{channels - c}, g, largest, places, mean, rows, channels, c, sum, products);
}

// Some vectors of channels of one input's gradient. `place` is the input's place in the first window that covers it.
template <bool Norm, int Vectors, class Some, class T>
CNN_INLINE void gradientOf(const Some& some, const T* g, const uint8_t* places, const T* x, const Pool& pool, const Span& down, const Span& across, int64_t place, int64_t c, const Slopes& norm, T* result) {
    Vector sum[Vectors] = {};
    for (int64_t i = down.first; i < down.end; i++, place -= pool.stride[0] * pool.window[1]) {
        int64_t at = (i * pool.outputs[1] + across.first) * pool.channels + c, here = place;
        for (int64_t j = across.first; j < across.end; j++, here -= pool.stride[1], at += pool.channels) {
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) sum[v] += some.places(places + at + 16 * v) == static_cast<uint32_t>(here) ? some.load(g + at + 16 * v) : Vector{};
        }
    }
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) {
        const int64_t at = c + 16 * v;
        if constexpr (Norm) sum[v] = sum[v] * some.load(norm.scale + at) + ((some.load(x + at) - some.load(norm.mean + at)) * some.load(norm.slope + at) + some.load(norm.constant + at));
        some.store(sum[v], result + at);
    }
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
        for (; c + 64 <= channels; c += 64) gradientOf<Norm, 4>(All{}, g, places, x, pool, down, across, place, c, norm, result);
        for (; c + 16 <= channels; c += 16) gradientOf<Norm, 1>(All{}, g, places, x, pool, down, across, place, c, norm, result);
        if (c < channels) gradientOf<Norm, 1>(First{channels - c}, g, places, x, pool, down, across, place, c, norm, result);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {{forward<T, false>, forward<T, true>}, sums<T>, {inputGradient<T, false>, inputGradient<T, true>}};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace pool::CNN_SET
