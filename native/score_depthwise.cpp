// Convolutions of each channel by itself.
#include "score_depthwise_kernels.h"

#include "memory.h"

#include <algorithm>

namespace score {
namespace {

template <class T>
class Depthwise final : public Convolution {
public:
    Depthwise(const Shape& shape, const float* weights, const float* bias)
        : shape(shape), row((shape.outputs + 15) / 16 * 16), packed(shape.kernel[0] * shape.kernel[1] * row, 0.0f), bias_(row, 0.0f) {
        const int64_t taps = shape.kernel[0] * shape.kernel[1];
        for (int64_t c = 0; c < shape.outputs; c++)
            for (int64_t tap = 0; tap < taps; tap++) packed.data()[tap * row + c] = weights[c * taps + tap];
        if (bias != nullptr) std::copy_n(bias, shape.outputs, bias_.data());
    }

    void run(int64_t images, const void* x, int64_t xPixel, const void* other, int64_t otherPixel, void* y, int64_t yPixel) const override {
        const score_depthwise::Image image{shape.height, shape.width, xPixel, shape.inputs, shape.out_height, shape.out_width,
                                           {shape.kernel[0], shape.kernel[1]}, {shape.stride[0], shape.stride[1]}, {shape.padding[0], shape.padding[1]}};
        const Finish<T> finish{bias_.data(), {static_cast<const T*>(other), otherPixel}, {static_cast<T*>(y), yPixel}, shape.activation, shape.wide != 0};
        score::each(0, images * shape.out_height, 1, [&](int64_t begin, int64_t end) {
            for (int64_t line = begin; line < end; line++) {
                const int64_t at = line / shape.out_height;
                run_.row(static_cast<const T*>(x) + at * shape.height * shape.width * xPixel, image, packed.data(), row, line % shape.out_height, finish, line * shape.out_width);
            }
        });
    }

private:
    const score_depthwise::Kernels<T>& run_ = score_depthwise::kernels(T{});
    const Shape shape;
    const int64_t row;
    const Scratch<float> packed, bias_;
};

}  // namespace

bool suitsDepthwise(const Shape& shape) { return shape.groups == shape.inputs && shape.groups == shape.outputs && shape.groups > 1; }

template <class T>
std::unique_ptr<Convolution> depthwise(const Shape& shape, const float* weights, const float* bias) {
    return std::make_unique<Depthwise<T>>(shape, weights, bias);
}

template std::unique_ptr<Convolution> depthwise<float>(const Shape&, const float*, const float*);
template std::unique_ptr<Convolution> depthwise<BFloat16>(const Shape&, const float*, const float*);

}  // namespace score
