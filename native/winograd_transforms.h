// Winograd's transforms, for X_kernels.cpp alone, which are compiled once for each instruction set. A Vector is 16 channels of one pixel.
#pragma once
#include "vectors.h"
#include "winograd_kernels.h"

namespace winograd::CNN_SET {

// The one-dimensional transforms of F(4, 3), and the transposes of the last two for the filters' gradient, for the points 0, ±A, ±B and
// infinity. 0.625 and 1.5 keep rounding errors at a third of those of the usual 1 and 2, and their squares and products are exact. F(3, 3), for tiles
// of three outputs, does without the point -B, which is zero; its input bears what the filters, which are those of F(4, 3), then lack in scale.
constexpr float A = 0.625f, B = 1.5f, A2 = A * A, B2 = B * B;
constexpr float OfZero = 1 / (A2 * B2), OfA = 1 / (2 * A2 * (A2 - B2)), OfB = 1 / (2 * B2 * (B2 - A2));

template <int Outputs>
struct OfInput;

template <>
struct OfInput<4> {
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

template <>
struct OfInput<3> {
    static constexpr int In = 5, Out = 6;
    static CNN_INLINE void apply(const Vector* d, Vector* v) {
        Vector odd = B * (d[3] - A2 * d[1]), high = d[3] - B * d[2], low = A * (d[2] - B * d[1]);
        v[0] = odd - B2 * (d[2] - A2 * d[0]);
        v[1] = (A + B) * (high + low);
        v[2] = (B - A) * (high - low);
        v[3] = 2 * odd;
        v[4] = Vector{};
        v[5] = d[4] - A2 * d[2] - odd;
    }
};

template <int Outputs>
struct ToOutput;

template <>
struct ToOutput<4> {
    static constexpr int In = 6, Out = 4;
    static CNN_INLINE void apply(const Vector* m, Vector* y) {
        Vector sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
        y[0] = m[0] + sum + sum2;
        y[1] = A * difference + B * difference2;
        y[2] = A2 * sum + B2 * sum2;
        y[3] = A * A2 * difference + B * B2 * difference2 + m[5];
    }
};

template <>
struct ToOutput<3> {
    static constexpr int In = 6, Out = 3;
    static CNN_INLINE void apply(const Vector* m, Vector* y) {
        Vector sum = m[1] + m[2];
        y[0] = m[0] + sum + m[3];
        y[1] = A * (m[1] - m[2]) + B * m[3];
        y[2] = A2 * sum + B2 * m[3] + m[5];
    }
};

template <int Outputs>
struct OfOutputGradient;

template <>
struct OfOutputGradient<4> {
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

template <>
struct OfOutputGradient<3> {
    static constexpr int In = 3, Out = 6;
    static CNN_INLINE void apply(const Vector* y, Vector* m) {
        Vector even = y[0] + A2 * y[2], odd = A * y[1];
        m[0] = y[0];
        m[1] = even + odd;
        m[2] = even - odd;
        m[3] = y[0] + B * y[1] + B2 * y[2];
        m[4] = Vector{};
        m[5] = y[2];
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

// A transform along columns, and one along rows.
template <class Down, class Across, class From, class To>
CNN_INLINE void transform(From from, To to) {
    Vector half[Down::Out][Across::In];
    for (int j = 0; j < Across::In; j++) {
        Vector column[Down::In], result[Down::Out];
        for (int i = 0; i < Down::In; i++) column[i] = from(i, j);
        Down::apply(column, result);
        for (int i = 0; i < Down::Out; i++) half[i][j] = result[i];
    }
    for (int i = 0; i < Down::Out; i++) {
        Vector result[Across::Out];
        Across::apply(half[i], result);
        for (int j = 0; j < Across::Out; j++) to(i, j, result[j]);
    }
}

template <int Value>
using Size = std::integral_constant<int, Value>;

// body(height, width), of the tile.
template <class Body>
CNN_INLINE void bySize(const Tile& tile, Body body) {
    if (tile.height == 4) {
        if (tile.width == 4) body(Size<4>(), Size<4>());
        else body(Size<4>(), Size<3>());
    } else {
        if (tile.width == 4) body(Size<3>(), Size<4>());
        else body(Size<3>(), Size<3>());
    }
}

// 16 channels of a tile: what the transform of its size makes of them. Its pixels lie one behind the other.
template <template <int> class Transform, class From, class To>
CNN_INLINE void transform(const Tile& tile, From from, To to) {
    bySize(tile, [&](auto height, auto width) {
        using Down = Transform<height.value>;
        using Across = Transform<width.value>;
        transform<Down, Across>([&](int i, int j) { return from(i * Across::In + j); }, [&](int i, int j, Vector value) { to(i * Across::Out + j, value); });
    });
}

// Where the pixels of a tile are, with a border of so many around it; `outside` for those outside the image.
template <class T>
CNN_INLINE void pixels(T* images, const Tiling& tiling, int64_t channels, const Tile& tile, int64_t border, T* outside, T** at) {
    for (int64_t y = tile.top - border; y < tile.top + tile.height + border; y++) {
        for (int64_t x = tile.left - border; x < tile.left + tile.width + border; x++) {
            const bool inside = y >= 0 && y < tiling.down.size && x >= 0 && x < tiling.across.size;
            *at++ = inside ? images + ((tile.image * tiling.down.size + y) * tiling.across.size + x) * channels : outside;
        }
    }
}

}  // namespace winograd::CNN_SET
