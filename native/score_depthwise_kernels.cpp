// The loops of score_depthwise.cpp.
#include "score_depthwise_kernels.h"
#include "score_vectors.h"

namespace score_depthwise::CNN_SET {

#ifdef CNN_AVX512
static constexpr int Across = 4;  // outputs beside each other that share what they load
#else
static constexpr int Across = 2;
#endif

// `Across` outputs whose columns are all inside the image.
template <class T, int Width, int Stride, bool Whole>
static CNN_INLINE void inner(const T* from, const Image& shape, int64_t rows, const float* weights, int64_t weightRow, int64_t count, Vector (&sum)[Across]) {
    constexpr int Seen = (Across - 1) * Stride + Width;
    for (int64_t r = 0; r < rows; r++, from += shape.width * shape.pixel, weights += Width * weightRow) {
        Vector seen[Seen];
CNN_UNROLL
        for (int i = 0; i < Seen; i++) seen[i] = Whole ? load(from + i * shape.pixel) : loadFirst(from + i * shape.pixel, count);
CNN_UNROLL
        for (int k = 0; k < Width; k++) {
            const Vector weight = load(weights + k * weightRow);
CNN_UNROLL
            for (int i = 0; i < Across; i++) sum[i] += weight * seen[i * Stride + k];
        }
    }
}

// 16 channels of a row of the output, or fewer.
template <class T, int Width, int Stride, bool Whole>
static void part(const T* line, const Image& shape, int64_t rows, const float* filter, int64_t weightRow, const score::Finish<T>& finish, int64_t first, int64_t c,
                 int64_t count) {
    const int64_t width = Width > 0 ? Width : shape.kernel[1], stride = Stride > 0 ? Stride : shape.stride[1];
    Bounds bounds;
    const bool quick = Whole && bounded(finish.activation, bounds) && finish.other.data == nullptr && (std::is_same_v<T, float> || !finish.wide);
    const Vector bias = load(finish.bias + c);
    for (int64_t column = 0; column < shape.outWidth;) {
        const int64_t left = column * stride - shape.padding[1];
        if constexpr (Width > 0) {
            if (column + Across <= shape.outWidth && left >= 0 && left + (Across - 1) * stride + width <= shape.width) {
                Vector sum[Across] = {};
                inner<T, Width, Stride, Whole>(line + left * shape.pixel, shape, rows, filter, weightRow, count, sum);
                T* to = finish.y.data + (first + column) * finish.y.pixel + c;
CNN_UNROLL
                for (int i = 0; i < Across; i++) {
                    if (quick) store(atMost(atLeast(sum[i] + bias, bounds.least), bounds.most), to + i * finish.y.pixel);
                    else ::finish(sum[i], finish, first + column + i, c, count);
                }
                column += Across;
                continue;
            }
        }
        Vector sum{};
        const int64_t begin = greater(0, -left), end = lesser(width, shape.width - left);
        for (int64_t r = 0; r < rows; r++)
            for (int64_t k = begin; k < end; k++) sum += load(filter + (r * width + k) * weightRow) * loadFirst(line + (r * shape.width + left + k) * shape.pixel, count);
        ::finish(sum, finish, first + column, c, count);
        column++;
    }
}

template <class T, int Width, int Stride>
static void rowOf(const T* image, const Image& shape, const float* weights, int64_t weightRow, int64_t row, const score::Finish<T>& finish, int64_t first) {
    const int64_t top = row * shape.stride[0] - shape.padding[0];
    const int64_t firstRow = greater(0, -top), rows = lesser(shape.kernel[0], shape.height - top) - firstRow;
    for (int64_t c = 0; c < shape.channels; c += 16) {
        const int64_t count = lesser(16, shape.channels - c);
        const float* filter = weights + firstRow * shape.kernel[1] * weightRow + c;
        const T* line = image + (top + firstRow) * shape.width * shape.pixel + c;
        if (count == 16) part<T, Width, Stride, true>(line, shape, rows, filter, weightRow, finish, first, c, count);
        else part<T, Width, Stride, false>(line, shape, rows, filter, weightRow, finish, first, c, count);
    }
}

template <class T>
static void row(const T* image, const Image& shape, const float* weights, int64_t weightRow, int64_t row, const score::Finish<T>& finish, int64_t first) {
    const int64_t kind = shape.kernel[1] * 10 + shape.stride[1];
    switch (kind) {
        case 31: return rowOf<T, 3, 1>(image, shape, weights, weightRow, row, finish, first);
        case 32: return rowOf<T, 3, 2>(image, shape, weights, weightRow, row, finish, first);
        case 51: return rowOf<T, 5, 1>(image, shape, weights, weightRow, row, finish, first);
        case 52: return rowOf<T, 5, 2>(image, shape, weights, weightRow, row, finish, first);
        default: return rowOf<T, 0, 0>(image, shape, weights, weightRow, row, finish, first);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {row<T>};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace score_depthwise::CNN_SET
