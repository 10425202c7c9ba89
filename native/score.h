// Scoring: a network's layers one by one, on images stored channels-last in float32 or bfloat16 that may be some of the channels of wider ones.
// Weights are put in order once, for the instruction set that is in use then. All sums are float32.
#pragma once
#include "cnnkernels.h"
#include "instructions.h"
#include "parallel.h"

#include <memory>
#include <utility>

namespace score {

enum Activation : int32_t { none, relu, relu6, hardswish, hardsigmoid, sigmoid };

using Shape = CnnScoreConvolution;

// Numbers that lie `pixel` from one pixel to the next.
template <class T>
struct Pixels {
    T* data;
    int64_t pixel;
};

// What becomes of a sum: bias, another number added, activation. The result is float32 where `wide`.
template <class T>
struct Finish {
    const float* bias;
    Pixels<const T> other;  // may be null
    Pixels<T> y;
    int32_t activation;
    bool wide;

    // For the outputs from one on.
    CNN_INLINE Finish from(int64_t output) const {
        Finish result = *this;
        result.bias += output;
        if (result.other.data != nullptr) result.other.data += output;
        result.y.data = wide ? reinterpret_cast<T*>(reinterpret_cast<float*>(y.data) + output) : y.data + output;
        return result;
    }
};

class Convolution {
public:
    virtual ~Convolution() = default;
    virtual void run(int64_t images, const void* x, int64_t xPixel, const void* other, int64_t otherPixel, void* y, int64_t yPixel) const = 0;
};

// A convolution of 1×1, whose pixels are images of their own.
inline Shape pointwise(int64_t inputs, int64_t outputs) { return {1, 1, inputs, 1, 1, outputs, {1, 1}, {1, 1}, {0, 0}, 1, none, 0}; }

// Of a group: outputs × inputs × height × width, the last two dense.
struct Weights {
    const float* data;
    int64_t output, input;  // strides
};

// `before` is what every input goes through first.
template <class T>
std::unique_ptr<Convolution> direct(const Shape& shape, const Weights& weights, const float* bias, const NormRelu& before);

// Weights are outputs × inputs of a group × height × width.
template <class T>
std::unique_ptr<Convolution> depthwise(const Shape& shape, const float* weights, const float* bias);

template <class T>
std::unique_ptr<Convolution> winograd(const Shape& shape, const float* weights, const float* bias);

bool suitsDepthwise(const Shape& shape);

// Whether Winograd's filtering is possible and quicker.
bool suitsWinograd(const Shape& shape, bool bfloat16);

// Whether this thread computes alone what it calls: others are at work on other images.
bool& isAlone();

// While it is there.
class Alone {
public:
    Alone() : before(std::exchange(isAlone(), true)) {}
    ~Alone() { isAlone() = before; }

private:
    const bool before;
};

inline int64_t threads() { return isAlone() ? 1 : parallel::threads(); }

template <class Body>
void each(int64_t begin, int64_t end, int64_t grain, const Body& body) {
    if (!isAlone()) parallel::each(begin, end, grain, body);
    else if (begin < end) body(begin, end);
}

// Memory of the calling thread, which it keeps.
float* workspace(int64_t numbers);

}  // namespace score
