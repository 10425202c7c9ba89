// Convolutions whose every output sees every pixel of the input, as on the last maps of small images: linear layers from an image's numbers to
// its outputs. A filter's taps that only ever meet the border are not touched. Images are stored channels-last, in float32 or bfloat16.
#pragma once
#include "direct.h"

namespace linear {

bool suits(const direct::Shape& shape);

// y = x * filter + bias (may be null). Channels are multiples of 16.
template <class T>
void convolve(const direct::Shape& shape, const T* x, const direct::Filter<const T>& filter, const float* bias, T* y);

template <class T>
void inputGradient(const direct::Shape& shape, const T* dy, const direct::Filter<const T>& filter, T* dx);

template <class T>
void filterGradient(const direct::Shape& shape, const T* x, const T* dy, const direct::Filter<T>& gradient);

}  // namespace linear
