// Puts winograd.cpp and direct.cpp in the place of libtorch's convolutions for the shapes that gain, forward and backward. Everything else
// goes on to libtorch. CNNTORCH_CONVOLUTION=libtorch turns it off.
#include <torch/csrc/api/include/torch/version.h>

// libtorch 2 has other signatures here.
#if TORCH_VERSION_MAJOR == 1

#include "direct.h"
#include "winograd.h"

#include <ATen/ATen.h>
#include <ATen/ops/convolution_backward_native.h>
#include <ATen/ops/mkldnn_convolution_native.h>
#include <torch/library.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace {

constexpr auto ChannelsLast = at::MemoryFormat::ChannelsLast;

bool isEnabled() {
    static const bool enabled = [] {
        const char* choice = getenv("CNNTORCH_CONVOLUTION");
        return choice == nullptr || std::string(choice) != "libtorch";
    }();
    return enabled;
}

bool isOne(at::IntArrayRef values) {
    return std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 1; });
}

// Below that the transform of the filters, which every call has to make, takes longer than it saves: a single image's last stages.
constexpr int64_t LeastTiles = 24;

// What all functions here ask for; the outputs fill whole vectors.
bool suits(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef dilation, int64_t groups) {
    return isEnabled() && groups == 1 && isOne(dilation) && input.dim() == 4 && weight.dim() == 4 && weight.size(0) % 16 == 0 &&
           (input.scalar_type() == at::kFloat || input.scalar_type() == at::kBFloat16) && weight.scalar_type() == input.scalar_type() &&
           input.layout() == at::kStrided && weight.layout() == at::kStrided && input.is_contiguous(ChannelsLast);
}

// The shapes that gain by Winograd's way: the tiles of 4×4 must not hang over the edges too far.
bool gains(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef padding, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    return winograd::isQuick() && suits(input, weight, dilation, groups) && weight.size(2) == 3 && weight.size(3) == 3 && isOne(stride) && isOne(padding) && weight.size(1) % 16 == 0 &&
           input.size(2) >= 4 && input.size(3) >= 4 && input.size(0) * ((input.size(2) + 3) / 4) * ((input.size(3) + 3) / 4) >= LeastTiles;
}

bool hasFewInputs(const at::Tensor& weight) { return weight.size(1) < direct::FewInputs; }

// First layers, whose few channels oneDNN pads.
bool gainsFew(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef dilation, int64_t groups) {
    return hasFewInputs(weight) && suits(input, weight, dilation, groups) && input.scalar_type() == at::kBFloat16 && direct::isQuickInBFloat16();
}

// Whether the filter's gradient gains from the direct way: in bfloat16 by a quarter and more, in float32 only with strides.
bool gainsGradient(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    if (gainsFew(input, weight, dilation, groups)) return true;
    return suits(input, weight, dilation, groups) && weight.size(1) % 16 == 0 && (input.scalar_type() == at::kBFloat16 ? direct::isQuickInBFloat16() : winograd::isQuick() && !isOne(stride));
}

direct::Shape shapeOf(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& output, at::IntArrayRef stride, at::IntArrayRef padding) {
    const auto both = [](at::IntArrayRef values, int64_t at) { return values.size() == 1 ? values[0] : values[at]; };
    return {input.size(0), input.size(2), input.size(3), input.size(1), output.size(2), output.size(3), output.size(1),
            {weight.size(2), weight.size(3)}, {both(stride, 0), both(stride, 1)}, {both(padding, 0), both(padding, 1)}};
}

at::Tensor outputOf(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef stride, at::IntArrayRef padding) {
    const auto size = [&](int64_t at) { return (input.size(2 + at) + 2 * padding[padding.size() == 1 ? 0 : at] - weight.size(2 + at)) / stride[stride.size() == 1 ? 0 : at] + 1; };
    return at::empty({input.size(0), weight.size(0), size(0), size(1)}, input.options().memory_format(ChannelsLast));
}

template <class T>
T* dataOf(const at::Tensor& tensor) {
    return static_cast<T*>(tensor.data_ptr());
}

winograd::Images imagesOf(const at::Tensor& input) { return {input.size(0), input.size(2), input.size(3)}; }

template <class T>
winograd::Filter<T> filterOf(const at::Tensor& weight, bool turned = false) {
    return {dataOf<T>(weight), weight.stride(0), weight.stride(1), weight.stride(2), weight.stride(3), turned};
}

template <class T>
void convolve(const at::Tensor& x, const at::Tensor& weight, bool turned, const float* bias, const at::Tensor& y) {
    winograd::convolve<T>(imagesOf(x), dataOf<const T>(x), x.size(1), filterOf<const T>(weight, turned), y.size(1), bias, dataOf<T>(y));
}

void convolve(const at::Tensor& x, const at::Tensor& weight, bool turned, const float* bias, const at::Tensor& y) {
    if (x.scalar_type() == at::kBFloat16) convolve<BFloat16>(x, weight, turned, bias, y);
    else convolve<float>(x, weight, turned, bias, y);
}

template <class T>
void filterGradient(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& gradient) {
    winograd::filterGradient<T>(imagesOf(x), dataOf<const T>(x), x.size(1), dataOf<const T>(dy), dy.size(1), filterOf<T>(gradient));
}

template <class T>
void filterGradient(const direct::Shape& shape, const at::Tensor& x, const at::Tensor& dy, const at::Tensor& gradient) {
    direct::filterGradient<T>(shape, dataOf<const T>(x), dataOf<const T>(dy), {dataOf<T>(gradient), gradient.strides().data()});
}

void filterGradient(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& dy, at::IntArrayRef stride, at::IntArrayRef padding, bool tiles, const at::Tensor& gradient) {
    const bool half = x.scalar_type() == at::kBFloat16;
    if (tiles) half ? filterGradient<BFloat16>(x, dy, gradient) : filterGradient<float>(x, dy, gradient);
    else if (half) filterGradient<BFloat16>(shapeOf(x, weight, dy, stride, padding), x, dy, gradient);
    else filterGradient<float>(shapeOf(x, weight, dy, stride, padding), x, dy, gradient);
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding,
                       at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    const bool few = gainsFew(input, weight, dilation, groups);
    if (!few && !gains(input, weight, padding, stride, dilation, groups)) return at::native::mkldnn_convolution(input, weight, bias, padding, stride, dilation, groups);
    const at::Tensor output = outputOf(input, weight, stride, padding), shift = bias.has_value() && bias->defined() ? bias->to(at::kFloat).contiguous() : at::Tensor();
    const float* shifts = shift.defined() ? shift.data_ptr<float>() : nullptr;
    if (few) {
        direct::convolve(shapeOf(input, weight, output, stride, padding), dataOf<const BFloat16>(input), {dataOf<const BFloat16>(weight), weight.strides().data()}, shifts,
                         dataOf<BFloat16>(output));
    } else {
        convolve(input, weight, false, shifts, output);
    }
    return output;
}

using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

Gradients backward(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::OptionalIntArrayRef biasSizes,
                   at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef outputPadding,
                   int64_t groups, std::array<bool, 3> wanted) {
    const auto byLibtorch = [&](const at::Tensor& dy, std::array<bool, 3> parts) {
        return at::native::convolution_backward(dy, input, weight, biasSizes, stride, padding, dilation, transposed, outputPadding, groups, parts);
    };
    const bool same = !transposed && gradient.scalar_type() == input.scalar_type(), tiles = same && gains(input, weight, padding, stride, dilation, groups),
               direct = same && gainsGradient(input, weight, stride, dilation, groups);
    if (!tiles && !direct) return byLibtorch(gradient, wanted);
    const at::Tensor dy = gradient.contiguous(ChannelsLast);
    Gradients results;
    if (wanted[0] && tiles) {
        std::get<0>(results) = at::empty_like(input, input.options(), ChannelsLast);
        convolve(dy, weight, true, nullptr, std::get<0>(results));
    } else if (wanted[0]) {
        std::get<0>(results) = std::get<0>(byLibtorch(dy, {true, false, false}));
    }
    if (wanted[1]) {
        std::get<1>(results) = at::empty_like(weight);
        filterGradient(input, weight, dy, stride, padding, tiles, std::get<1>(results));
    }
    if (wanted[2]) std::get<2>(results) = dy.sum(at::IntArrayRef{0, 2, 3});
    return results;
}

}  // namespace

TORCH_LIBRARY_IMPL(aten, CPU, library) {
    library.impl("mkldnn_convolution", TORCH_FN(convolution));
    library.impl("convolution_backward", TORCH_FN(backward));
}

#endif
