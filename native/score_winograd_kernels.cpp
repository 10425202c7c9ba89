// The loops of score_winograd.cpp. A Vector is 16 channels of one pixel.
#include "score_winograd_kernels.h"
#include "score_vectors.h"
#include "winograd_transforms.h"

namespace score_winograd::CNN_SET {

using winograd::Tile;
using winograd::CNN_SET::OfFilter;
using winograd::CNN_SET::OfInput;
using winograd::CNN_SET::pixels;
using winograd::CNN_SET::ToOutput;
using winograd::CNN_SET::transform;

#ifdef CNN_AVX512
static constexpr int64_t Width = 32;
static constexpr int Most = 12;
#else
static constexpr int64_t Width = 16;
static constexpr int Most = 4;
#endif

template <class Number>
static void filters(const float* weights, int64_t inputs, const Panel& panel, float* to) {
    constexpr int64_t Numbers = sizeof(float) / sizeof(Number);
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = 0; input < inputs; input++) {
            Vector taps[9];
            for (int64_t o = 0; o < 16; o++)
                for (int64_t tap = 0; tap < 9; tap++) taps[tap][o] = weights[((panel.first + output + o) * inputs + input) * 9 + tap];
            transform<OfFilter, OfFilter>([&](int r, int s) { return taps[3 * r + s]; }, [&](int r, int s, Vector value) {
                float* row = to + (6 * r + s) * panel.position(inputs / Numbers) + input / Numbers * panel.width + output;
                if constexpr (Numbers == 1) {
                    store(value, row);
                } else {
                    for (int64_t o = 0; o < 16; o++) reinterpret_cast<BFloat16*>(row + o)[input % 2] = fromFloat<BFloat16>(value[o]);
                }
            });
        }
    }
}

template <class T, class Number>
static void gather(const T* images, const Tiling& tiling, int64_t pixel, int64_t channels, int64_t first, int64_t count, const T* zeros, const Block& block) {
    for (int64_t t = 0; t < count; t++) {
        const Tile tile = tiling.at(first + t);
        const T* at[36];
        pixels(images, tiling, pixel, tile, 1, zeros, at);
        float* row = block.data + t * block.row;
        for (int64_t c = 0; c < channels; c += 16)
            transform<OfInput>(tile, [&](int place) { return load(at[place] + c); },
                               [&](int position, Vector value) { store(value, reinterpret_cast<Number*>(row + position * block.position) + c); });
    }
}

template <class Numbers, int Rows>
static CNN_INLINE void multiplyRows(const float* tiles, int64_t tileRow, const float* filters, int64_t places, int64_t width, float* to, int64_t toRow) {
    if (width == 32) product<Numbers, Rows, 2>(tiles, tileRow, 1, filters, 32, places, to, toRow, false);
    else product<Numbers, Rows, 1>(tiles, tileRow, 1, filters, 16, places, to, toRow, false);
}

template <class Numbers>
static void multiply(const float* tiles, int64_t tileRow, int64_t count, const float* filters, int64_t places, int64_t width, float* to, int64_t toRow) {
    int64_t t = 0;
    for (; t + Most <= count; t += Most) multiplyRows<Numbers, Most>(tiles + t * tileRow, tileRow, filters, places, width, to + t * toRow, toRow);
    if constexpr (Most > 8) {
        if (t + 8 <= count) {
            multiplyRows<Numbers, 8>(tiles + t * tileRow, tileRow, filters, places, width, to + t * toRow, toRow);
            t += 8;
        }
    }
    for (; t < count; t += 4) multiplyRows<Numbers, 4>(tiles + t * tileRow, tileRow, filters, places, width, to + t * toRow, toRow);
}

template <class T>
static void scatter(const Block& block, const Tiling& tiling, int64_t firstOutput, int64_t outputs, int64_t first, int64_t count, const score::Finish<T>& finish) {
    for (int64_t t = 0; t < count; t++) {
        const Tile tile = tiling.at(first + t);
        const int64_t pixel = (tile.image * tiling.down.size + tile.top) * tiling.across.size + tile.left;
        const float* from = block.data + t * block.row;
        for (int64_t c = 0; c < outputs; c += 16) {
            Vector sums[16];
            transform<ToOutput>(tile, [&](int position) { return load(from + position * block.position + c); }, [&](int place, Vector value) { sums[place] = value; });
            const int64_t channel = firstOutput + c;
            const Vector bias = load(finish.bias + channel), *sum = sums;
            for (int64_t i = 0; i < tile.height; i++) {
                for (int64_t j = 0; j < tile.width; j++, sum++) {
                    if (tile.top + i >= tiling.down.size || tile.left + j >= tiling.across.size) continue;
                    const int64_t at = pixel + i * tiling.across.size + j;
                    Vector result = *sum + bias;
                    if (finish.other.data != nullptr) result += load(finish.other.data + at * finish.other.pixel + channel);
                    store(activated(result, finish.activation), finish.y.data + at * finish.y.pixel + channel);
                }
            }
        }
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {Most, Width, 1, filters<float>, gather<T, float>, multiply<Single>, scatter<T>};
}

#ifdef CNN_PAIRS
template <>
constexpr Kernels<BFloat16> table() {
    return {Most, Width, 2, filters<BFloat16>, gather<BFloat16, BFloat16>, multiply<Pair>, scatter<BFloat16>};
}
#endif

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace score_winograd::CNN_SET
