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
template <class T, int Width, int Stride>
static CNN_INLINE void inner(const T* from, const Image& shape, int64_t rows, const float* weights, int64_t weightRow, int64_t count, Vector (&sum)[Across]) {
    constexpr int Seen = (Across - 1) * Stride + Width;
    for (int64_t r = 0; r < rows; r++, from += shape.width * shape.pixel, weights += Width * weightRow) {
        Vector seen[Seen];
CNN_UNROLL
        for (int i = 0; i < Seen; i++) seen[i] = count >= 16 ? load(from + i * shape.pixel) : loadFirst(from + i * shape.pixel, count);
CNN_UNROLL
        for (int k = 0; k < Width; k++) {
            const Vector weight = load(weights + k * weightRow);
CNN_UNROLL
            for (int i = 0; i < Across; i++) sum[i] += weight * seen[i * Stride + k];
        }
    }
}

template <class T>
static void row(const T* image, const Image& shape, const float* weights, int64_t weightRow, int64_t row, const score::Finish<T>& finish, int64_t first) {
    const int64_t top = row * shape.stride[0] - shape.padding[0];
    const int64_t firstRow = greater(0, -top), lastRow = lesser(shape.kernel[0], shape.height - top), width = shape.kernel[1], stride = shape.stride[1];
    for (int64_t c = 0; c < shape.channels; c += 16) {
        const int64_t count = lesser(16, shape.channels - c);
        const float* filter = weights + firstRow * width * weightRow + c;
        const T* line = image + (top + firstRow) * shape.width * shape.pixel + c;
        for (int64_t column = 0; column < shape.outWidth;) {
            const int64_t left = column * stride - shape.padding[1];
            const bool quick = column + Across <= shape.outWidth && left >= 0 && left + (Across - 1) * stride + width <= shape.width;
            if (quick && ((width == 3 || width == 5) && (stride == 1 || stride == 2))) {
                Vector sum[Across] = {};
                const T* from = line + left * shape.pixel;
                if (width == 3 && stride == 1) inner<T, 3, 1>(from, shape, lastRow - firstRow, filter, weightRow, count, sum);
                else if (width == 3) inner<T, 3, 2>(from, shape, lastRow - firstRow, filter, weightRow, count, sum);
                else if (stride == 1) inner<T, 5, 1>(from, shape, lastRow - firstRow, filter, weightRow, count, sum);
                else inner<T, 5, 2>(from, shape, lastRow - firstRow, filter, weightRow, count, sum);
                for (int i = 0; i < Across; i++) ::finish(sum[i], finish, first + column + i, c, count);
                column += Across;
                continue;
            }
            Vector sum{};
            const int64_t begin = greater(0, -left), end = lesser(width, shape.width - left);
            for (int64_t r = firstRow; r < lastRow; r++)
                for (int64_t k = begin; k < end; k++)
                    sum += load(filter + ((r - firstRow) * width + k) * weightRow) * loadFirst(line + ((r - firstRow) * shape.width + left + k) * shape.pixel, count);
            ::finish(sum, finish, first + column, c, count);
            column++;
        }
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {row<T>};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace score_depthwise::CNN_SET
