// Winograd's transforms, for X_kernels.cpp alone, which are compiled once for each instruction set. A Vector is 16 channels of one pixel.
#pragma once
#include "vectors.h"
#include "winograd_kernels.h"

namespace winograd::CNN_SET {

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

}  // namespace winograd::CNN_SET
