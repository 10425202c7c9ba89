// Puts winograd.cpp, linear.cpp and direct.cpp in the place of libtorch's convolutions for the shapes that gain, forward and backward. Everything else
// goes on to libtorch, which has checked the shapes before it comes here.
#include "cnnkernels.h"
#include "direct.h"
#include "errors.h"
#include "linear.h"
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

bool isHalf(const Tensor& x) { return x.type() == torch::BFloat16Type; }

// body(a number of x's type)
template <class Body>
void byType(const Tensor& x, Body body) {
    if (isHalf(x)) body(BFloat16());
    else body(float());
}

bool fillVectors(int64_t channels) { return channels % 16 == 0; }

// By which loops.
enum class Way { libtorchs, tiles, layer, few, direct };

// A convolution of images x, and which way it goes best.
class Convolution {
public:
    Convolution(const Tensor& x, const Tensor& weight, const Numbers& padding, const Numbers& stride, const Numbers& dilation, int64_t groups)
        : x(x), weight(weight), suits(groups == 1 && dilation.areAll(1) && x.dimensions() == 4 && weight.dimensions() == 4 && (x.type() == torch::Float || isHalf(x)) &&
                                      weight.type() == x.type() && x.isOnCpu() && weight.isOnCpu() && torch::isChannelsLast(x) &&
                                      (torch::suggestsChannelsLast(x) || torch::suggestsChannelsLast(weight))) {
        if (!suits) return;
        const auto size = [&](int64_t at) { return (x.size(2 + at) + 2 * padding.at(at) - weight.size(2 + at)) / stride.at(at) + 1; };
        shape = {x.size(0), x.size(2), x.size(3), x.size(1), x.size(1), size(0), size(1), weight.size(0),
                 {weight.size(2), weight.size(3)}, {stride.at(0), stride.at(1)}, {padding.at(0), padding.at(1)}};
        isQuick = isHalf(x) ? direct::isQuick<BFloat16>() : direct::isQuick<float>();
    }

    Way forward() const {
        if (isLayer()) return Way::layer;
        if (isFew()) return Way::few;
        return isTiles() ? Way::tiles : Way::libtorchs;
    }

    Way inputGradient() const { return isLayer() ? Way::layer : isTiles() ? Way::tiles : isFew() ? Way::few : Way::libtorchs; }

    // In bfloat16 the direct way gains by a quarter and more, in float32 only with strides.
    Way filterGradient() const {
        if (isLayer()) return Way::layer;
        if (isTiles()) return Way::tiles;
        const bool gains = isFew() || (suits && isQuick && fillVectors(shape.inputs) && (isHalf(x) || shape.stride[0] != 1 || shape.stride[1] != 1));
        return gains && fillVectors(shape.outputs) ? Way::direct : Way::libtorchs;
    }

    Tensor run(Way way, const float* bias) const {
        Tensor y = torch::emptyImages(shape.count, shape.outputs, shape.outHeight, shape.outWidth, x.type());
        byType(x, [&](auto number) {
            using T = decltype(number);
            if (way == Way::tiles) winograd::convolve<T>(images(), x.data<const T>(), shape.inputs, tilesFilter<const T>(weight, false), shape.outputs, bias, y.data<T>());
            else if (way == Way::layer) linear::convolve<T>(shape, x.data<const T>(), filter<const T>(weight), bias, y.data<T>());
            else direct::convolve<T>(shape, x.data<const T>(), filter<const T>(weight), bias, y.data<T>());
        });
        return y;
    }

    Tensor inputGradient(Way way, const Tensor& dy) const {
        Tensor dx = torch::emptyImages(shape.count, shape.inputs, shape.height, shape.width, x.type());
        byType(x, [&](auto number) {
            using T = decltype(number);
            if (way == Way::tiles) winograd::convolve<T>(images(), dy.data<const T>(), shape.outputs, tilesFilter<const T>(weight, true), shape.inputs, nullptr, dx.data<T>());
            else if (way == Way::few) direct::inputGradient<T>(shape, dy.data<const T>(), filter<const T>(weight), dx.data<T>());
            else linear::inputGradient<T>(shape, dy.data<const T>(), filter<const T>(weight), dx.data<T>());
        });
        return dx;
    }

    Tensor filterGradient(Way way, const Tensor& dy) const {
        Tensor dw = emptyLike(weight);
        byType(x, [&](auto number) {
            using T = decltype(number);
            if (way == Way::tiles) winograd::filterGradient<T>(images(), x.data<const T>(), shape.inputs, dy.data<const T>(), shape.outputs, tilesFilter<T>(dw, false));
            else if (way == Way::layer) linear::filterGradient<T>(shape, x.data<const T>(), dy.data<const T>(), filter<T>(dw));
            else direct::filterGradient<T, T>(shape, x.data<const T>(), dy.data<const T>(), filter<T>(dw));
        });
        return dw;
    }

private:
    // Below that the transform of the filters, which every call has to make, takes longer than it saves: a single image's last stages.
    static constexpr int64_t LeastTiles = 8;

    // The shapes that gain by Winograd's way: the tiles of 4×4 must not hang over the edges too far.
    bool isTiles() const {
        const auto all = [](const int64_t (&pair)[2], int64_t value) { return pair[0] == value && pair[1] == value; };
        return suits && winograd::isQuick() && all(shape.kernel, 3) && all(shape.stride, 1) && all(shape.padding, 1) && fillVectors(shape.outputs) && fillVectors(shape.inputs) &&
               shape.height >= 4 && shape.width >= 4 && shape.count * ((shape.height + 3) / 4) * ((shape.width + 3) / 4) >= LeastTiles;
    }

    // First layers, whose few channels oneDNN pads.
    bool isFew() const { return suits && isQuick && shape.inputs < direct::FewInputs; }

    // Maps so small that a convolution is a linear layer.
    bool isLayer() const { return suits && isQuick && shape.count > 0 && weight.size(1) == shape.inputs && linear::suits(shape); }

    winograd::Images images() const { return {shape.count, shape.height, shape.width}; }

    template <class T>
    static direct::Filter<T> filter(const Tensor& weight) {
        return {weight.data<T>(), weight.strides()};
    }

    template <class T>
    static winograd::Filter<T> tilesFilter(const Tensor& weight, bool turned) {
        return {weight.data<T>(), weight.stride(0), weight.stride(1), weight.stride(2), weight.stride(3), turned};
    }

    static Tensor emptyLike(const Tensor& x) {
        torch::Handle handle;
        torch::check(torch::aoti_torch_empty_strided(x.dimensions(), x.sizes(), x.strides(), x.type(), 0, 0, &handle));
        return Tensor::own(handle);
    }

    const Tensor &x, &weight;
    const bool suits;
    bool isQuick = false;
    direct::Shape shape{};
};

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

// mkldnn_convolution(Tensor self, Tensor weight, Tensor? bias, SymInt[] padding, SymInt[] stride, SymInt[] dilation, SymInt groups) -> Tensor
void convolution(Value* values, uint64_t, uint64_t) {
    const Tensor x = torch::takeTensor(values[0]), weight = torch::takeTensor(values[1]), bias = torch::takeOptionalTensor(values[2]);
    const Numbers padding = torch::takeNumbers(values[3]), stride = torch::takeNumbers(values[4]), dilation = torch::takeNumbers(values[5]);
    const int64_t groups = static_cast<int64_t>(values[6]);
    const Convolution ours(x, weight, padding, stride, dilation, groups);
    const Way way = ours.forward();
    if (way == Way::libtorchs) {
        torch::Handle shift = bias.handle(), y;
        torch::check(torch::aoti_torch_cpu_mkldnn__convolution_pointwise(x.handle(), weight.handle(), bias.isThere() ? &shift : nullptr, padding.values, padding.count, stride.values,
                                                                         stride.count, dilation.values, dilation.count, groups, "none", nullptr, 0, nullptr, &y));
        values[0] = torch::give(Tensor::own(y));
        return;
    }
    forwardCount++;
    const Scratch<float> shifts = shiftsOf(bias);
    values[0] = torch::give(ours.run(way, shifts.data()));
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
    const Convolution ours(x, weight, padding, stride, dilation, groups);
    const bool known = !transposed && g.type() == x.type() && g.isOnCpu();
    const Way ofInput = known ? ours.inputGradient() : Way::libtorchs, ofFilter = known ? ours.filterGradient() : Way::libtorchs;
    if (ofInput == Way::libtorchs && ofFilter == Way::libtorchs) {
        byLibtorch(g, wanted[0], wanted[1], wanted[2]);
    } else {
        backwardCount++;
        if (!torch::isChannelsLast(g)) {
            Tensor dense = torch::emptyImages(g.size(0), g.size(1), g.size(2), g.size(3), g.type());
            torch::copy(g, dense);
            g = std::move(dense);
        }
        const bool rest[2] = {wanted[0] && ofInput == Way::libtorchs, wanted[1] && ofFilter == Way::libtorchs};
        if (rest[0] || rest[1]) byLibtorch(g, rest[0], rest[1], false);
        if (wanted[0] && !rest[0]) dx = ours.inputGradient(ofInput, g);
        if (wanted[1] && !rest[1]) dw = ours.filterGradient(ofFilter, g);
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
