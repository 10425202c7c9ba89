// The loops of winograd.cpp.
#include "winograd_kernels.h"
#include "winograd_transforms.h"

namespace winograd::CNN_SET {

// The widest panel. Wider ones need fewer loads and more of the nearest cache, which counts for more.
#ifdef CNN_AVX512
static constexpr int64_t Width = 32;
#else
static constexpr int64_t Width = 16;
#endif

static constexpr int64_t TilesAhead = 2;  // whose pixels are fetched meanwhile: the processor does not foresee their order

// Tiles that are gathered together, and where their pixels are.
template <int Count, class T>
struct Group {
    Tile tiles[Count];
    const T* at[Count][36];

    CNN_INLINE void fetch(int64_t channel) const {
        if (channel * sizeof(T) % 64 != 0) return;
        for (const auto& pixels : at)
            for (const T* pixel : pixels) __builtin_prefetch(pixel + channel);
    }
};

// body(t, group, the one to fetch), for `Count` tiles at a time; those that are too many see zeros.
template <int Count, int Border, class T, class Body>
CNN_INLINE void eachGroup(const T* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const T* zeros, Body body) {
    Group<Count, T> groups[TilesAhead + 1];
    for (auto& group : groups)
        for (auto& pixels : group.at)
            for (const T*& pixel : pixels) pixel = zeros;
    for (int64_t t = -TilesAhead * Count, at = 0; t < count; t += Count, at++) {
        Group<Count, T>& coming = groups[at % (TilesAhead + 1)];
        for (int64_t i = 0; i < Count; i++) {
            const int64_t next = t + TilesAhead * Count + i;
            coming.tiles[i] = tiling.at(first + (next < count ? next : count - 1));
            if (next < count) pixels(images + channels.first, tiling, channels.all, coming.tiles[i], Border, zeros, coming.at[i]);
            else if (next - i < count)
                for (const T*& pixel : coming.at[i]) pixel = zeros;
        }
        if (t >= 0) body(t, groups[(at + 1) % (TilesAhead + 1)], coming);
    }
}

template <template <int> class Transform, int Border, class T>
static void gather(const T* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const T* zeros, const Block& block) {
    eachGroup<1, Border>(images, tiling, channels, first, count, zeros, [&](int64_t t, const Group<1, T>& group, const Group<1, T>& coming) {
        float* row = block.data + t * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            coming.fetch(c);
            transform<Transform>(group.tiles[0], [&](int pixel) { return load(group.at[0][pixel] + c); },
                                 [&](int position, Vector value) { store(value, row + position * block.position + c); });
        }
    });
}

template <class T>
static void scatter(const Block& block, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const float* bias, T* images) {
    for (int64_t t = 0; t < count; t++) {
        const Tile tile = tiling.at(first + t);
        T* at[16];
        pixels(images + channels.first, tiling, channels.all, tile, 0, static_cast<T*>(nullptr), at);
        const float* from = block.data + t * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            const Vector shift = bias == nullptr ? Vector{} : load(bias + channels.first + c);
            transform<ToOutput>(tile, [&](int position) { return load(from + position * block.position + c); },
                                [&](int pixel, Vector value) {
                                    if (at[pixel] != nullptr) store(value + shift, at[pixel] + c);
                                });
        }
    }
}

// The filters between 16 inputs and 16 outputs: nine blocks of rows of outputs.
template <class T>
CNN_INLINE void filterBlock(const Filter<const T>& filter, int64_t input, int64_t output, float (&block)[9][16][16]) {
    for (int64_t r = 0; r < 9; r++)
        for (int64_t j = 0; j < 16; j++) __builtin_prefetch(filter.at(input + 16 + (filter.turned ? j : 0), output + (filter.turned ? 0 : j), r));
    for (int64_t r = 0; r < 9; r++) {
        if (filter.input != 1) {
            for (int64_t o = 0; o < 16; o++)
                for (int64_t i = 0; i < 16; i++) block[r][i][o] = toFloat(*filter.at(input + i, output + o, r));
            continue;
        }
        Vector rows[16];
        for (int64_t j = 0; j < 16; j++) rows[j] = load(filter.at(input + (filter.turned ? j : 0), output + (filter.turned ? 0 : j), r));
        if (!filter.turned) transpose(rows);
        for (int64_t i = 0; i < 16; i++) store(rows[i], block[r][i]);
    }
}

// The transformed filters of a panel, for some of the inputs: for each of the 36 positions, rows of its outputs for each input.
template <class T>
static void filters(const Filter<const T>& filter, int64_t inputs, const Inputs& some, const Panel& panel, float* to) {
    float block[9][16][16];
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = some.first; input < some.first + some.count; input += 16) {
            filterBlock(filter, input, panel.first + output, block);
            for (int64_t i = 0; i < 16; i++)
                transform<OfFilter, OfFilter>(
                    [&](int r, int s) { return load(block[3 * r + s][i]); },
                    [&](int r, int s, Vector value) { store(value, to + (6 * r + s) * panel.position(inputs) + (input + i) * panel.width + output); });
        }
    }
}

// The opposite of filterBlock.
template <class T>
CNN_INLINE void storeBlock(const Filter<T>& filter, int64_t input, int64_t output, const float (&block)[9][16][16]) {
    for (int64_t r = 0; r < 9; r++) {
        if (filter.input != 1) {
            for (int64_t o = 0; o < 16; o++)
                for (int64_t i = 0; i < 16; i++) *filter.at(input + i, output + o, r) = fromFloat<T>(block[r][i][o]);
            continue;
        }
        Vector rows[16];
        for (int64_t i = 0; i < 16; i++) rows[i] = load(block[r][i]);
        transpose(rows);
        for (int64_t o = 0; o < 16; o++) store(rows[o], filter.at(input, output + o, r));
    }
}

// The gradient of a panel's filters, from sums in the same order, one set for each of `copies` threads.
template <class T>
static void filterGradients(const float* from, int64_t copies, int64_t stride, const Inputs& inputs, const Panel& panel, const Filter<T>& filter) {
    float block[9][16][16];
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = 0; input < inputs.count; input += 16) {
            for (int64_t i = 0; i < 16; i++) {
                const float* row = from + (input + i) * panel.width + output;
                transform<ToFilterGradient, ToFilterGradient>(
                    [&](int r, int s) {
                        const float* at = row + (6 * r + s) * panel.position(inputs.count);
                        Vector sum = load(at);
                        for (int64_t copy = 1; copy < copies; copy++) sum += load(at + copy * stride);
                        return sum;
                    },
                    [&](int r, int s, Vector value) { store(value, block[3 * r + s][i]); });
            }
            storeBlock(filter, inputs.first + input, panel.first + output, block);
        }
    }
}

// The products of one position: tiles × inputs by inputs × the panel's outputs. Tiles are padded to a multiple of RowStep.
template <class Numbers>
static void multiply(const float* tiles, int64_t tileRow, int64_t count, const float* filters, int64_t inputs, int64_t width, float* to, int64_t toRow) {
    for (int64_t t = 0; t < count; t += RowStep) {
        if (width == 32) product<Numbers, RowStep, 2>(tiles + t * tileRow, tileRow, 1, filters, 32, inputs, to + t * toRow, toRow, false);
        else product<Numbers, RowStep, 1>(tiles + t * tileRow, tileRow, 1, filters, 16, inputs, to + t * toRow, toRow, false);
    }
}

// The same for the filters' gradient: (tiles × inputs)ᵀ by tiles × the panel's outputs.
template <class Numbers>
static void accumulate(const float* tiles, int64_t tileRow, const float* gradients, int64_t gradientRow, int64_t count, int64_t inputs, int64_t width,
                       float* to, bool add) {
    for (int64_t c = 0; c < inputs; c += 8) {
        if (width == 32) product<Numbers, 8, 2>(tiles + c, 1, tileRow, gradients, gradientRow, count, to + c * 32, 32, add);
        else product<Numbers, 8, 1>(tiles + c, 1, tileRow, gradients, gradientRow, count, to + c * 16, 16, add);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {Width, 1, gather<OfInput, 1, T>, gather<OfInput, 1, T>, gather<OfOutputGradient, 0, T>, scatter<T>, filters<T>, filterGradients<T>, multiply<Single>, accumulate<Single>};
}

#ifdef CNN_PAIRS
// bfloat16 all through: pairs of inputs for the output, pairs of tiles for the filters' gradient.

static void gatherInputs(const BFloat16* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const BFloat16* zeros, const Block& block) {
    eachGroup<1, 1>(images, tiling, channels, first, count, zeros, [&](int64_t t, const Group<1, BFloat16>& group, const Group<1, BFloat16>& coming) {
        float* row = block.data + t * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            coming.fetch(c);
            transform<OfInput>(group.tiles[0], [&](int pixel) { return load(group.at[0][pixel] + c); },
                               [&](int position, Vector value) { store(value, reinterpret_cast<BFloat16*>(row + position * block.position) + c); });
        }
    });
}

template <template <int> class Transform, int Border>
static void gatherTiles(const BFloat16* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const BFloat16* zeros, const Block& block) {
    eachGroup<2, Border>(images, tiling, channels, first, count, zeros, [&](int64_t t, const Group<2, BFloat16>& group, const Group<2, BFloat16>& coming) {
        float* row = block.data + t / 2 * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            coming.fetch(c);
            Vector low[36];
            transform<Transform>(group.tiles[0], [&](int pixel) { return load(group.at[0][pixel] + c); }, [&](int position, Vector value) { low[position] = value; });
            transform<Transform>(group.tiles[1], [&](int pixel) { return load(group.at[1][pixel] + c); },
                                 [&](int position, Vector value) { store(paired(low[position], value), row + position * block.position + c); });
        }
    });
}

static void filterPairs(const Filter<const BFloat16>& filter, int64_t inputs, const Inputs& some, const Panel& panel, float* to) {
    float block[9][16][16];
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = some.first; input < some.first + some.count; input += 16) {
            filterBlock(filter, input, panel.first + output, block);
            for (int64_t i = 0; i < 16; i += 2) {
                Vector low[36];
                transform<OfFilter, OfFilter>([&](int r, int s) { return load(block[3 * r + s][i]); }, [&](int r, int s, Vector value) { low[6 * r + s] = value; });
                transform<OfFilter, OfFilter>([&](int r, int s) { return load(block[3 * r + s][i + 1]); }, [&](int r, int s, Vector value) {
                    store(paired(low[6 * r + s], value), to + (6 * r + s) * panel.position(inputs / 2) + (input + i) / 2 * panel.width + output);
                });
            }
        }
    }
}

template <>
constexpr Kernels<BFloat16> table() {
    return {Width, 2, gatherInputs, gatherTiles<OfInput, 1>, gatherTiles<OfOutputGradient, 0>, scatter<BFloat16>, filterPairs, filterGradients<BFloat16>, multiply<Pair>, accumulate<Pair>};
}
#endif

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace winograd::CNN_SET
