// 3×3 convolutions of stride 1 with a border of 1 by Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, arXiv:1509.09308), which needs
// a quarter of the multiplications, and F(3, 3) along sides that no whole fours fill. Images are stored channels-last, in float32 or bfloat16; all sums are float32.
#pragma once
#include "numbers.h"

namespace winograd {

// Filters as libtorch stores them: outputs × inputs × 3 × 3, in any order.
template <class T>
struct Filter {
    T* data;
    int64_t output, input, row, column;  // strides
    bool turned = false;                 // for the gradient of the input: inputs and outputs change places, rows and columns run backwards

    CNN_INLINE T* at(int64_t i, int64_t o, int64_t place) const {
        const int64_t r = turned ? 2 - place / 3 : place / 3, s = turned ? 2 - place % 3 : place % 3;
        return data + (turned ? i : o) * output + (turned ? o : i) * input + r * row + s * column;
    }
};

struct Images {
    int64_t count, height, width;
};

// Whether this processor is better off with it than with a direct convolution.
bool isQuick();

// y = x * filter + bias (may be null). Channels are multiples of 16.
template <class T>
void convolve(const Images& images, const T* x, int64_t inputs, const Filter<const T>& filter, int64_t outputs, const float* bias, T* y);

// The filter's gradient, for the output's gradient dy.
template <class T>
void filterGradient(const Images& images, const T* x, int64_t inputs, const T* dy, int64_t outputs, const Filter<T>& gradient);

}  // namespace winograd
