// Puts winograd.cpp and direct.cpp in the place of libtorch's convolutions for the shapes that gain, forward and backward. Everything else
// goes on to libtorch, which has checked the shapes before it comes here.
#include "cnnkernels.h"
#include "direct.h"
#include "errors.h"
#include "memory.h"
#include "torch.h"
#include "winograd.h"

#include <atomic>
#include <utility>

using torch::Numbers;
using torch::Tensor;
using torch::Value;

namespace {

std::atomic<int64_t> forwardCount{0}, backwardCount{0};

// Below that the transform of the filters, which every call has to make, takes longer than it saves: a single image's last stages.
constexpr int64_t LeastTiles = 24;

bool isHalf(const Tensor& x) { return x.type() == torch::BFloat16Type; }

// What all functions here ask for.
bool suits(const Tensor& x, const Tensor& weight, const Numbers& dilation, int64_t groups) {
    return groups == 1 && dilation.areAll(1) && x.dimensions() == 4 && weight.dimensions() == 4 && (x.type() == torch::Float || isHalf(x)) &&
           weight.type() == x.type() && x.isOnCpu() && weight.isOnCpu() && torch::isChannelsLast(x) &&
           (torch::suggestsChannelsLast(x) || torch::suggestsChannelsLast(weight));
}

bool fillVectors(int64_t channels) { return channels % 16 == 0; }

// The shapes that gain by Winograd's way: the tiles of 4×4 must not hang over the edges too far.
bool gains(const Tensor& x, const Tensor& weight, const Numbers& padding, const Numbers& stride, const Numbers& dilation, int64_t groups) {
    return winograd::isQuick() && suits(x, weight, dilation, groups) && weight.size(2) == 3 && weight.size(3) == 3 && stride.areAll(1) && padding.areAll(1) && fillVectors(weight.size(0)) && fillVectors(weight.size(1)) &&
           x.size(2) >= 4 && x.size(3) >= 4 && x.size(0) * ((x.size(2) + 3) / 4) * ((x.size(3) + 3) / 4) >= LeastTiles;
}

bool hasFewInputs(const Tensor& weight) { return weight.size(1) < direct::FewInputs; }

bool isQuick(const Tensor& x) { return isHalf(x) ? direct::isQuick<BFloat16>() : direct::isQuick<float>(); }

// First layers, whose few channels oneDNN pads.
bool gainsFew(const Tensor& x, const Tensor& weight, const Numbers& dilation, int64_t groups) {
    return hasFewInputs(weight) && suits(x, weight, dilation, groups) && isQuick(x);
}

// Whether the filter's gradient gains from the direct way: in bfloat16 by a quarter and more, in float32 only with strides.
bool gainsGradient(const Tensor& x, const Tensor& weight, const Numbers& stride, const Numbers& dilation, int64_t groups) {
    if (!suits(x, weight, dilation, groups) || !isQuick(x) || !fillVectors(weight.size(0))) return false;
    return hasFewInputs(weight) || (fillVectors(weight.size(1)) && (isHalf(x) || !stride.areAll(1)));
}

direct::Shape shapeOf(const Tensor& x, const Tensor& weight, const Tensor& y, const Numbers& stride, const Numbers& padding) {
    return {x.size(0), x.size(2), x.size(3), x.size(1), y.size(2), y.size(3), y.size(1),
            {weight.size(2), weight.size(3)}, {stride.at(0), stride.at(1)}, {padding.at(0), padding.at(1)}};
}

Tensor outputOf(const Tensor& x, const Tensor& weight, const Numbers& stride, const Numbers& padding) {
    const auto size = [&](int64_t at) { return (x.size(2 + at) + 2 * padding.at(at) - weight.size(2 + at)) / stride.at(at) + 1; };
    return torch::emptyImages(x.size(0), weight.size(0), size(0), size(1), x.type());
}

winograd::Images imagesOf(const Tensor& x) { return {x.size(0), x.size(2), x.size(3)}; }

template <class T>
winograd::Filter<T> filterOf(const Tensor& weight, bool turned = false) {
    return {weight.data<T>(), weight.stride(0), weight.stride(1), weight.stride(2), weight.stride(3), turned};
}

// body(a number of x's type)
template <class Body>
void byType(const Tensor& x, Body body) {
    if (isHalf(x)) body(BFloat16());
    else body(float());
}

void convolve(const Tensor& x, const Tensor& weight, bool turned, const float* bias, const Tensor& y) {
    byType(x, [&](auto number) {
        using T = decltype(number);
        winograd::convolve<T>(imagesOf(x), x.data<const T>(), x.size(1), filterOf<const T>(weight, turned), y.size(1), bias, y.data<T>());
    });
}

void filterGradient(const Tensor& x, const Tensor& weight, const Tensor& dy, const Numbers& stride, const Numbers& padding, bool tiles, const Tensor& gradient) {
    byType(x, [&](auto number) {
        using T = decltype(number);
        if (tiles) winograd::filterGradient<T>(imagesOf(x), x.data<const T>(), x.size(1), dy.data<const T>(), dy.size(1), filterOf<T>(gradient));
        else direct::filterGradient<T>(shapeOf(x, weight, dy, stride, padding), x.data<const T>(), dy.data<const T>(), {gradient.data<T>(), gradient.strides()});
    });
}

// A bias in float32, or none.
Scratch<float> shiftsOf(const Tensor& bias) {
    if (!bias.isThere()) return Scratch<float>(0);
    Scratch<float> shifts(bias.size(0));
    byType(bias, [&](auto number) {
        using T = decltype(number);
        for (int64_t i = 0; i < bias.size(0); i++) shifts.data()[i] = toFloat(bias.data<const T>()[i * bias.stride(0)]);
    });
    return shifts;
}

// The sum of dy over all but the channels.
Tensor biasGradient(const Tensor& dy) {
    const int64_t channels = dy.size(1);
    Tensor result = torch::empty(&channels, 1, dy.type());
    const Scratch<double> sums(channels);
    byType(dy, [&](auto number) {
        using T = decltype(number);
        direct::sumRows<T>(dy.data<const T>(), dy.size(0) * dy.size(2) * dy.size(3), channels, sums.data());
        for (int64_t c = 0; c < channels; c++) result.data<T>()[c] = fromFloat<T>(static_cast<float>(sums.data()[c]));
    });
    return result;
}

Tensor emptyLike(const Tensor& x) {
    torch::Handle handle;
    torch::check(torch::aoti_torch_empty_strided(x.dimensions(), x.sizes(), x.strides(), x.type(), 0, 0, &handle));
    return Tensor::own(handle);
}

// mkldnn_convolution(Tensor self, Tensor weight, Tensor? bias, SymInt[] padding, SymInt[] stride, SymInt[] dilation, SymInt groups) -> Tensor
void convolution(Value* values, uint64_t, uint64_t) {
    const Tensor x = torch::takeTensor(values[0]), weight = torch::takeTensor(values[1]), bias = torch::takeOptionalTensor(values[2]);
    const Numbers padding = torch::takeNumbers(values[3]), stride = torch::takeNumbers(values[4]), dilation = torch::takeNumbers(values[5]);
    const int64_t groups = static_cast<int64_t>(values[6]);
    const bool few = gainsFew(x, weight, dilation, groups);
    if (!few && !gains(x, weight, padding, stride, dilation, groups)) {
        torch::Handle shift = bias.handle(), y;
        torch::check(torch::aoti_torch_cpu_mkldnn__convolution_pointwise(x.handle(), weight.handle(), bias.isThere() ? &shift : nullptr, padding.values, padding.count, stride.values,
                                                                         stride.count, dilation.values, dilation.count, groups, "none", nullptr, 0, nullptr, &y));
        values[0] = torch::give(Tensor::own(y));
        return;
    }
    forwardCount++;
    Tensor y = outputOf(x, weight, stride, padding);
    const Scratch<float> shifts = shiftsOf(bias);
    if (few) {
        byType(x, [&](auto number) {
            using T = decltype(number);
            direct::convolve<T>(shapeOf(x, weight, y, stride, padding), x.data<const T>(), {weight.data<const T>(), weight.strides()}, shifts.data(), y.data<T>());
        });
    } else {
        convolve(x, weight, false, shifts.data(), y);
    }
    values[0] = torch::give(std::move(y));
}

// convolution_backward(Tensor grad_output, Tensor input, Tensor weight, SymInt[]? bias_sizes, SymInt[] stride, SymInt[] padding, SymInt[] dilation,
// bool transposed, SymInt[] output_padding, SymInt groups, bool[3] output_mask) -> (Tensor, Tensor, Tensor)
void backward(Value* values, uint64_t, uint64_t) {
    Tensor g = torch::takeTensor(values[0]);
    const Tensor x = torch::takeTensor(values[1]), weight = torch::takeTensor(values[2]);
    Numbers biasSizes;
    const bool hasBias = torch::takeOptionalNumbers(values[3], biasSizes);
    const Numbers stride = torch::takeNumbers(values[4]), padding = torch::takeNumbers(values[5]), dilation = torch::takeNumbers(values[6]);
    const bool transposed = (values[7] & 1) != 0;
    const Numbers outputPadding = torch::takeNumbers(values[8]);
    const int64_t groups = static_cast<int64_t>(values[9]);
    const Numbers mask = torch::takeNumbers(values[10]);
    const bool wanted[3] = {(mask.values[0] & 1) != 0, (mask.values[1] & 1) != 0, (mask.values[2] & 1) != 0};
    Tensor dx, dw, db;
    const auto byLibtorch = [&](const Tensor& dy, bool ofInput, bool ofWeight, bool ofBias) {
        const int64_t* sizes = biasSizes.values;
        const int32_t parts[3] = {ofInput, ofWeight, ofBias};
        torch::Handle results[3] = {};
        torch::check(torch::aoti_torch_cpu_convolution_backward(dy.handle(), x.handle(), weight.handle(), hasBias ? &sizes : nullptr, biasSizes.count, stride.values, stride.count, padding.values,
                                                                padding.count, dilation.values, dilation.count, transposed, outputPadding.values, outputPadding.count, groups, parts, 3,
                                                                &results[0], &results[1], &results[2]));
        if (ofInput) dx = Tensor::own(results[0]);
        if (ofWeight) dw = Tensor::own(results[1]);
        if (ofBias) db = Tensor::own(results[2]);
    };
    const bool same = !transposed && g.type() == x.type() && g.isOnCpu(), tiles = same && gains(x, weight, padding, stride, dilation, groups),
               direct = same && gainsGradient(x, weight, stride, dilation, groups);
    if (!tiles && !direct) {
        byLibtorch(g, wanted[0], wanted[1], wanted[2]);
    } else {
        backwardCount++;
        if (!torch::isChannelsLast(g)) {
            Tensor dense = torch::emptyImages(g.size(0), g.size(1), g.size(2), g.size(3), g.type());
            torch::copy(g, dense);
            g = std::move(dense);
        }
        if (wanted[0] && tiles) {
            dx = torch::emptyImages(x.size(0), x.size(1), x.size(2), x.size(3), x.type());
            convolve(g, weight, true, nullptr, dx);
        } else if (wanted[0]) {
            byLibtorch(g, true, false, false);
        }
        if (wanted[1]) {
            dw = emptyLike(weight);
            filterGradient(x, weight, g, stride, padding, tiles, dw);
        }
        if (wanted[2]) db = biasGradient(g);
    }
    values[0] = torch::give(std::move(dx));
    values[1] = torch::give(std::move(dw));
    values[2] = torch::give(std::move(db));
}

void* library = nullptr;

}  // namespace

int cnn_convolutions_install() {
    return guarded([&] {
        if (library != nullptr) return;
        torch::check(torch::aoti_torch_library_init_impl("aten", "CPU", __FILE__, __LINE__, &library));
        torch::check(torch::aoti_torch_library_impl(library, "mkldnn_convolution", convolution));
        torch::check(torch::aoti_torch_library_impl(library, "convolution_backward", backward));
    });
}

void cnn_convolutions_count(int64_t* forward, int64_t* backward) {
    *forward = forwardCount;
    *backward = backwardCount;
}
