// Convolutions as products of matrices, for what oneDNN is slow at: gradients of filters, and first layers in bfloat16. Images are stored
// channels-last, in float32 or bfloat16; all sums are float32.
#pragma once
#include "numbers.h"

namespace direct {

struct Shape {
    int64_t count, height, width, inputs, pixel;  // pixel: numbers from one of x to the next
    int64_t outHeight, outWidth, outputs;
    int64_t kernel[2], stride[2], padding[2];  // down, across

    CNN_INLINE int64_t pixels() const { return count * outHeight * outWidth; }
};

// Of a convolution of 1×1.
inline Shape pointwise(int64_t pixels, int64_t inputs, int64_t pixel, int64_t outputs) { return {1, 1, pixels, inputs, pixel, 1, pixels, outputs, {1, 1}, {1, 1}, {0, 0}}; }

// Filters as libtorch stores them: outputs × inputs × height × width, in any order.
template <class T>
struct Filter {
    T* data;
    const int64_t* strides;

    CNN_INLINE T* at(int64_t output, int64_t input, int64_t row, int64_t column) const {
        return data + output * strides[0] + input * strides[1] + row * strides[2] + column * strides[3];
    }
};

// Fewer input channels than that are taken together with their neighbours in a row.
constexpr int64_t FewInputs = 16;

// Whether these functions are quick for numbers of the type on this processor: for bfloat16 where it multiplies pairs of them.
template <class T>
bool isQuick();

// The filter's gradient, for the output's gradient dy. Outputs are a multiple of 16, and inputs too or few. `before`, where inputs are not few, is
// what x went through first.
template <class T, class To>
void filterGradient(const Shape& shape, const T* x, const T* dy, const Filter<To>& gradient, const NormRelu& before = {});

// y = x * filter + bias (may be null), for few inputs in dense pixels, where that is quick.
template <class T>
void convolve(const Shape& shape, const T* x, const Filter<const T>& filter, const float* bias, T* y);

// The gradient of few inputs in dense pixels.
template <class T>
void inputGradient(const Shape& shape, const T* dy, const Filter<const T>& filter, T* dx);

// Sums over all rows, in float64 from block to block.
template <class T>
void sumRows(const T* from, int64_t rows, int64_t channels, double* sums);

}  // namespace direct
