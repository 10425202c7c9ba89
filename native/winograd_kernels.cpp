// The loops of winograd.cpp.
// A Vector is 16 channels of one pixel.
#include "winograd_kernels.h"
#include "vectors.h"

namespace winograd::CNN_SET {

// The widest panel. Wider ones need fewer loads and more of the nearest cache, which counts for more.
#ifdef CNN_AVX512
static constexpr int64_t Width = 32;
#else
static constexpr int64_t Width = 16;
#endif

// The one-dimensional transforms of F(4, 3), and the transposes of the last two for the filters' gradient, for the points 0, ±A, ±B and
// infinity. 0.625 and 1.5 keep rounding errors at a third of those of the usual 1 and 2, and their squares and products are exact.
constexpr float A = 0.625f, B = 1.5f, A2 = A * A, B2 = B * B;
constexpr float OfZero = 1 / (A2 * B2), OfA = 1 / (2 * A2 * (A2 - B2)), OfB = 1 / (2 * B2 * (B2 - A2));

struct OfInput {
    static constexpr int In = 6, Out = 6;
    static CNN_INLINE void apply(const Vector* d, Vector* v) {
        Vector even = d[4] - B2 * d[2], odd = A * (d[3] - B2 * d[1]), even2 = d[4] - A2 * d[2], odd2 = B * (d[3] - A2 * d[1]);
        v[0] = A2 * B2 * d[0] - (A2 + B2) * d[2] + d[4];
        v[1] = even + odd;
        v[2] = even - odd;
        v[3] = even2 + odd2;
        v[4] = even2 - odd2;
        v[5] = A2 * B2 * d[1] - (A2 + B2) * d[3] + d[5];
    }
};

struct ToOutput {
    static constexpr int In = 6, Out = 4;
    static CNN_INLINE void apply(const Vector* m, Vector* y) {
        Vector sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        y[0] = m[0] + sum + sum2;
        y[1] = A * difference + B * difference2;
        y[2] = A2 * sum + B2 * sum2;
        y[3] = A * A2 * difference + B * B2 * difference2 + m[5];
    }
};

struct OfOutputGradient {
    static constexpr int In = 4, Out = 6;
    static CNN_INLINE void apply(const Vector* y, Vector* m) {
        Vector even = y[0] + A2 * y[2], odd = A * y[1] + A * A2 * y[3], even2 = y[0] + B2 * y[2], odd2 = B * y[1] + B * B2 * y[3];
        m[0] = y[0];
        m[1] = even + odd;
        m[2] = even - odd;
        m[3] = even2 + odd2;
        m[4] = even2 - odd2;
        m[5] = y[3];
    }
};

struct OfFilter {
    static constexpr int In = 3, Out = 6;
    static CNN_INLINE void apply(const Vector* g, Vector* u) {
        Vector even = OfA * (g[0] + A2 * g[2]), odd = OfA * A * g[1], even2 = OfB * (g[0] + B2 * g[2]), odd2 = OfB * B * g[1];
        u[0] = OfZero * g[0];
        u[1] = even + odd;
        u[2] = even - odd;
        u[3] = even2 + odd2;
        u[4] = even2 - odd2;
        u[5] = g[2];
    }
};

struct ToFilterGradient {
    static constexpr int In = 6, Out = 3;
    static CNN_INLINE void apply(const Vector* u, Vector* g) {
        Vector sum = OfA * (u[1] + u[2]), sum2 = OfB * (u[3] + u[4]);
        g[0] = OfZero * u[0] + sum + sum2;
        g[1] = OfA * A * (u[1] - u[2]) + OfB * B * (u[3] - u[4]);
        g[2] = A2 * sum + B2 * sum2 + u[5];
    }
};

// A transform along columns, then along rows.
template <class Transform, class From, class To>
CNN_INLINE void transform(From from, To to) {
    Vector half[Transform::Out][Transform::In];
    for (int j = 0; j < Transform::In; j++) {
        Vector column[Transform::In], result[Transform::Out];
        for (int i = 0; i < Transform::In; i++) column[i] = from(i, j);
        Transform::apply(column, result);
        for (int i = 0; i < Transform::Out; i++) half[i][j] = result[i];
    }
    for (int i = 0; i < Transform::Out; i++) {
        Vector result[Transform::Out];
        Transform::apply(half[i], result);
        for (int j = 0; j < Transform::Out; j++) to(i, j, result[j]);
    }
}

// Where the pixels of a tile are, from Border above and left of it on; `outside` for those outside the image.
template <int Size, int Border, class T>
CNN_INLINE void pixels(T* images, const Tiling& tiling, int64_t channels, int64_t tile, T* outside, T** at) {
    const int64_t image = tile / (tiling.down * tiling.across), place = tile % (tiling.down * tiling.across);
    const int64_t top = place / tiling.across * 4 - Border, left = place % tiling.across * 4 - Border;
    for (int64_t i = 0; i < Size; i++) {
        for (int64_t j = 0; j < Size; j++) {
            const int64_t y = top + i, x = left + j;
            const bool inside = y >= 0 && y < tiling.height && x >= 0 && x < tiling.width;
            at[i * Size + j] = inside ? images + ((image * tiling.height + y) * tiling.width + x) * channels : outside;
        }
    }
}

template <class Transform, int Border, class T, class To>
CNN_INLINE void gatherTile(const T* images, const Tiling& tiling, const Channels& channels, int64_t tile, const T* zeros, To to) {
    const T* at[Transform::In * Transform::In];
    pixels<Transform::In, Border>(images + channels.first, tiling, channels.all, tile, zeros, at);
    for (int64_t c = 0; c < channels.width; c += 16)
        transform<Transform>([&](int i, int j) { return load(at[i * Transform::In + j] + c); }, [&](int i, int j, Vector value) { to(6 * i + j, c, value); });
}

template <class Transform, int Border, class T>
static void gather(const T* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const T* zeros, const Block& block) {
    for (int64_t t = 0; t < count; t++) {
        float* row = block.data + t * block.row;
        gatherTile<Transform, Border>(images, tiling, channels, first + t, zeros,
                                      [&](int position, int64_t c, Vector value) { store(value, row + position * block.position + c); });
    }
}

template <class T>
static void scatter(const Block& block, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const float* bias, T* images) {
    for (int64_t t = 0; t < count; t++) {
        T* at[16];
        pixels<4, 0>(images + channels.first, tiling, channels.all, first + t, static_cast<T*>(nullptr), at);
        const float* from = block.data + t * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            const Vector shift = bias == nullptr ? Vector{} : load(bias + channels.first + c);
            transform<ToOutput>([&](int i, int j) { return load(from + (6 * i + j) * block.position + c); },
                                [&](int i, int j, Vector value) {
                                    if (at[4 * i + j] != nullptr) store(value + shift, at[4 * i + j] + c);
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

// The transformed filters of a panel: for each of the 36 positions, rows of its outputs for each input.
template <class T>
static void filters(const Filter<const T>& filter, int64_t inputs, const Panel& panel, float* to) {
    float block[9][16][16];
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = 0; input < inputs; input += 16) {
            filterBlock(filter, input, panel.first + output, block);
            for (int64_t i = 0; i < 16; i++)
                transform<OfFilter>(
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
                transform<ToFilterGradient>(
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

CNN_INLINE Vector paired(Vector low, Vector high) {
    typedef uint16_t Numbers __attribute__((vector_size(64)));
    const auto both = reinterpret_cast<Numbers>(_mm512_cvtne2ps_pbh(reinterpret_cast<__m512>(high), reinterpret_cast<__m512>(low)));
#if defined(__clang__)
    return reinterpret_cast<Vector>(__builtin_shufflevector(both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
#else
    constexpr Numbers Order = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    return reinterpret_cast<Vector>(__builtin_shuffle(both, Order));
#endif
}

static void gatherInputs(const BFloat16* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const BFloat16* zeros, const Block& block) {
    for (int64_t t = 0; t < count; t++) {
        float* row = block.data + t * block.row;
        gatherTile<OfInput, 1>(images, tiling, channels, first + t, zeros, [&](int position, int64_t c, Vector value) {
            store(value, reinterpret_cast<BFloat16*>(row + position * block.position) + c);
        });
    }
}

template <class Transform, int Border>
static void gatherTiles(const BFloat16* images, const Tiling& tiling, const Channels& channels, int64_t first, int64_t count, const BFloat16* zeros, const Block& block) {
    constexpr int Size = Transform::In;
    for (int64_t t = 0; t < count; t += 2) {
        const BFloat16* at[2][Size * Size];
        pixels<Size, Border>(images + channels.first, tiling, channels.all, first + t, zeros, at[0]);
        if (t + 1 < count) pixels<Size, Border>(images + channels.first, tiling, channels.all, first + t + 1, zeros, at[1]);
        else for (const BFloat16*& pixel : at[1]) pixel = zeros;
        float* row = block.data + t / 2 * block.row;
        for (int64_t c = 0; c < channels.width; c += 16) {
            Vector low[36];
            transform<Transform>([&](int i, int j) { return load(at[0][i * Size + j] + c); }, [&](int i, int j, Vector value) { low[6 * i + j] = value; });
            transform<Transform>([&](int i, int j) { return load(at[1][i * Size + j] + c); },
                                 [&](int i, int j, Vector value) { store(paired(low[6 * i + j], value), row + (6 * i + j) * block.position + c); });
        }
    }
}

static void filterPairs(const Filter<const BFloat16>& filter, int64_t inputs, const Panel& panel, float* to) {
    float block[9][16][16];
    for (int64_t output = 0; output < panel.width; output += 16) {
        for (int64_t input = 0; input < inputs; input += 16) {
            filterBlock(filter, input, panel.first + output, block);
            for (int64_t i = 0; i < 16; i += 2) {
                Vector low[36];
                transform<OfFilter>([&](int r, int s) { return load(block[3 * r + s][i]); }, [&](int r, int s, Vector value) { low[6 * r + s] = value; });
                transform<OfFilter>([&](int r, int s) { return load(block[3 * r + s][i + 1]); }, [&](int r, int s, Vector value) {
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
