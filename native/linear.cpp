#include "linear.h"

#include "memory.h"
#include "parallel.h"
#include "score.h"

#include <algorithm>
#include <vector>

namespace linear {
namespace {

using direct::Filter;
using direct::Shape;

int64_t pixelsIn(const Shape& shape) { return shape.height * shape.width; }
int64_t pixelsOut(const Shape& shape) { return shape.outHeight * shape.outWidth; }

// The layer is a convolution of 1×1: images are pixels, and all numbers of one are its channels.
int64_t numbersIn(const Shape& shape) { return pixelsIn(shape) * shape.inputs; }
int64_t numbersOut(const Shape& shape) { return pixelsOut(shape) * shape.outputs; }

// The tap through which an output sees an input.
template <class T>
T* tapOf(const Shape& shape, const Filter<T>& filter, int64_t output, int64_t out, int64_t in) {
    const int64_t row = in / shape.width - out / shape.outWidth * shape.stride[0] + shape.padding[0];
    const int64_t column = in % shape.width - out % shape.outWidth * shape.stride[1] + shape.padding[1];
    return filter.at(output, 0, row, column);
}

// The layer's weights: outputs × inputs.
template <class T>
Scratch<float> weightsOf(const Shape& shape, const Filter<const T>& filter) {
    Scratch<float> weights(numbersOut(shape) * numbersIn(shape));
    parallel::each(0, numbersOut(shape), 16, [&](int64_t begin, int64_t end) {
        for (int64_t number = begin; number < end; number++) {
            float* to = weights.data() + number * numbersIn(shape);
            for (int64_t in = 0; in < pixelsIn(shape); in++, to += shape.inputs) {
                const T* from = tapOf(shape, filter, number % shape.outputs, number / shape.outputs, in);
                for (int64_t i = 0; i < shape.inputs; i++) to[i] = toFloat(from[i * filter.strides[1]]);
            }
        }
    });
    return weights;
}

bool seesAll(int64_t size, int64_t outputs, int64_t kernel, int64_t stride, int64_t padding) {
    return size - 1 + padding < kernel && (outputs - 1) * stride <= padding;
}

}  // namespace

bool suits(const Shape& shape) {
    constexpr int64_t MostPairs = 16;  // of pixels: more would repeat the filter's numbers too often
    return shape.inputs % 16 == 0 && shape.outputs % 16 == 0 && shape.kernel[0] * shape.kernel[1] > 1 && pixelsIn(shape) * pixelsOut(shape) <= MostPairs &&
           seesAll(shape.height, shape.outHeight, shape.kernel[0], shape.stride[0], shape.padding[0]) &&
           seesAll(shape.width, shape.outWidth, shape.kernel[1], shape.stride[1], shape.padding[1]);
}

template <class T>
void convolve(const Shape& shape, const T* x, const Filter<const T>& filter, const float* bias, T* y) {
    const int64_t inputs = numbersIn(shape), outputs = numbersOut(shape);
    const Scratch<float> weights = weightsOf(shape, filter);
    std::vector<float> shifts(bias == nullptr ? 0 : outputs);
    for (size_t number = 0; number < shifts.size(); number++) shifts[number] = bias[static_cast<int64_t>(number) % shape.outputs];
    score::direct<T>(score::pointwise(inputs, outputs), {weights.data(), inputs, 1}, bias == nullptr ? nullptr : shifts.data(), {})
        ->run(shape.count, x, inputs, nullptr, 0, y, outputs);
}

template <class T>
void inputGradient(const Shape& shape, const T* dy, const Filter<const T>& filter, T* dx) {
    const int64_t inputs = numbersIn(shape), outputs = numbersOut(shape);
    const Scratch<float> weights = weightsOf(shape, filter);
    score::direct<T>(score::pointwise(outputs, inputs), {weights.data(), 1, inputs}, nullptr, {})->run(shape.count, dy, outputs, nullptr, 0, dx, inputs);
}

template <class T>
void filterGradient(const Shape& shape, const T* x, const T* dy, const Filter<T>& gradient) {
    const int64_t inputs = numbersIn(shape), outputs = numbersOut(shape), strides[4] = {inputs, 1, 0, 0};
    const Scratch<float> sums(outputs * inputs);
    direct::filterGradient<T, float>(direct::pointwise(shape.count, inputs, inputs, outputs), x, dy, {sums.data(), strides});
    parallel::each(0, shape.outputs, 4, [&](int64_t begin, int64_t end) {
        std::vector<float> taps(shape.kernel[0] * shape.kernel[1] * shape.inputs);
        const int64_t ownStrides[4] = {0, 1, shape.kernel[1] * shape.inputs, shape.inputs};
        for (int64_t output = begin; output < end; output++) {
            std::fill(taps.begin(), taps.end(), 0.0f);
            for (int64_t out = 0; out < pixelsOut(shape); out++) {
                for (int64_t in = 0; in < pixelsIn(shape); in++) {
                    const float* from = sums.data() + (out * shape.outputs + output) * inputs + in * shape.inputs;
                    float* to = tapOf(shape, Filter<float>{taps.data(), ownStrides}, 0, out, in);
                    for (int64_t i = 0; i < shape.inputs; i++) to[i] += from[i];
                }
            }
            for (int64_t tap = 0; tap < shape.kernel[0] * shape.kernel[1]; tap++) {
                T* to = gradient.at(output, 0, tap / shape.kernel[1], tap % shape.kernel[1]);
                for (int64_t i = 0; i < shape.inputs; i++) to[i * gradient.strides[1]] = fromFloat<T>(taps[tap * shape.inputs + i]);
            }
        }
    });
}

template void convolve(const Shape&, const float*, const Filter<const float>&, const float*, float*);
template void convolve(const Shape&, const BFloat16*, const Filter<const BFloat16>&, const float*, BFloat16*);
template void inputGradient(const Shape&, const float*, const Filter<const float>&, float*);
template void inputGradient(const Shape&, const BFloat16*, const Filter<const BFloat16>&, BFloat16*);
template void filterGradient(const Shape&, const float*, const float*, const Filter<float>&);
template void filterGradient(const Shape&, const BFloat16*, const BFloat16*, const Filter<BFloat16>&);

}  // namespace linear
