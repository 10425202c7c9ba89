// Puts winograd.cpp in the place of libtorch's convolutions for the shapes that gain, forward and backward. Everything else goes on to
// libtorch. CNNTORCH_WINOGRAD=0 turns it off.
#include <torch/csrc/api/include/torch/version.h>

// libtorch 2 has other signatures here.
#if TORCH_VERSION_MAJOR == 1

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
        const char* choice = getenv("CNNTORCH_WINOGRAD");
        return winograd::isQuick() && (choice == nullptr || std::string(choice) != "0");
    }();
    return enabled;
}

bool isOne(at::IntArrayRef values) {
    return std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 1; });
}

// Below that the transform of the filters, which every call has to make, takes longer than it saves: a single image's last stages.
constexpr int64_t LeastTiles = 24;

// The shapes that gain: the tiles of 4×4 must not hang over the edges too far, and the channels fill whole vectors.
bool gains(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef padding, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    return isEnabled() && groups == 1 && weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3 && isOne(stride) && isOne(dilation) && isOne(padding) &&
           (input.scalar_type() == at::kFloat || input.scalar_type() == at::kBFloat16) && weight.scalar_type() == input.scalar_type() &&
           input.layout() == at::kStrided && weight.layout() == at::kStrided && weight.size(0) % 16 == 0 && weight.size(1) % 16 == 0 &&
           input.size(2) >= 4 && input.size(3) >= 4 && input.size(0) * ((input.size(2) + 3) / 4) * ((input.size(3) + 3) / 4) >= LeastTiles && input.is_contiguous(ChannelsLast);
}

winograd::Images imagesOf(const at::Tensor& input) { return {input.size(0), input.size(2), input.size(3)}; }

template <class Element, class T>
winograd::Filter<Element> filterOf(const at::Tensor& weight, T* data, bool turned = false) {
    return {reinterpret_cast<Element*>(data), weight.stride(0), weight.stride(1), weight.stride(2), weight.stride(3), turned};
}

template <class T>
void convolve(const at::Tensor& x, const at::Tensor& weight, bool turned, const float* bias, const at::Tensor& y) {
    winograd::convolve<T>(imagesOf(x), static_cast<const T*>(x.data_ptr()), x.size(1), filterOf<const T>(weight, weight.data_ptr(), turned), y.size(1), bias,
                          static_cast<T*>(y.data_ptr()));
}

void convolve(const at::Tensor& x, const at::Tensor& weight, bool turned, const float* bias, const at::Tensor& y) {
    if (x.scalar_type() == at::kBFloat16) convolve<winograd::BFloat16>(x, weight, turned, bias, y);
    else convolve<float>(x, weight, turned, bias, y);
}

template <class T>
void filterGradient(const at::Tensor& x, const at::Tensor& dy, const at::Tensor& gradient) {
    winograd::filterGradient<T>(imagesOf(x), static_cast<const T*>(x.data_ptr()), x.size(1), static_cast<const T*>(dy.data_ptr()), dy.size(1),
                                filterOf<T>(gradient, gradient.data_ptr()));
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding,
                       at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    if (!gains(input, weight, padding, stride, dilation, groups)) return at::native::mkldnn_convolution(input, weight, bias, padding, stride, dilation, groups);
    at::Tensor output = at::empty({input.size(0), weight.size(0), input.size(2), input.size(3)}, input.options().memory_format(ChannelsLast));
    const at::Tensor shift = bias.has_value() && bias->defined() ? bias->to(at::kFloat).contiguous() : at::Tensor();
    convolve(input, weight, false, shift.defined() ? shift.data_ptr<float>() : nullptr, output);
    return output;
}

using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

Gradients backward(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::OptionalIntArrayRef biasSizes,
                   at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef outputPadding,
                   int64_t groups, std::array<bool, 3> wanted) {
    if (transposed || gradient.scalar_type() != input.scalar_type() || !gains(input, weight, padding, stride, dilation, groups))
        return at::native::convolution_backward(gradient, input, weight, biasSizes, stride, padding, dilation, transposed, outputPadding, groups, wanted);
    const at::Tensor dy = gradient.contiguous(ChannelsLast);
    Gradients results;
    if (wanted[0]) {
        std::get<0>(results) = at::empty_like(input, input.options(), ChannelsLast);
        convolve(dy, weight, true, nullptr, std::get<0>(results));
    }
    if (wanted[1]) {
        std::get<1>(results) = at::empty_like(weight);
        if (input.scalar_type() == at::kBFloat16) filterGradient<winograd::BFloat16>(input, dy, std::get<1>(results));
        else filterGradient<float>(input, dy, std::get<1>(results));
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
