// 3×3 convolutions of stride 1, forward and backward, by Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, arXiv:1509.09308), which
// needs a quarter of the multiplications. oneDNN has the kernels for AVX-512; libtorch only ever asks it for the direct ones. Here they
// take the place of libtorch's for the shapes that gain. Everything else goes on to libtorch. CNNTORCH_WINOGRAD=0 turns it off.
#include <torch/csrc/api/include/torch/version.h>

// libtorch 2 has other signatures here, and its own copy of oneDNN inside.
#if defined(CNNTORCH_ONEDNN) && TORCH_VERSION_MAJOR == 1

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/ops/convolution_backward_native.h>
#include <ATen/ops/mkldnn_convolution_native.h>
#include <torch/library.h>

#include <dnnl.hpp>
#include <array>
#include <map>
#include <memory>
#include <mutex>

namespace {

using dnnl::memory;
using Shape = std::array<int64_t, 7>;  // images, channels, height, width, filters, threads, weight layout

const dnnl::engine& engine() {
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

dnnl::stream& stream() {
    thread_local dnnl::stream stream(engine());
    return stream;
}

memory::desc describe(const at::Tensor& tensor) {
    return {memory::dims(tensor.sizes().begin(), tensor.sizes().end()), memory::data_type::f32,
            memory::dims(tensor.strides().begin(), tensor.strides().end())};
}

memory::desc anyLayout(at::IntArrayRef sizes) {
    return {memory::dims(sizes.begin(), sizes.end()), memory::data_type::f32, memory::format_tag::any};
}

at::Tensor bytes(const memory::desc& desc) {
    return at::empty({static_cast<int64_t>(desc.get_size())}, at::kByte);
}

// One tensor on its way between libtorch's layout and the kernel's.
class Passage {
public:
    Passage() = default;
    Passage(const memory::desc& outside, const memory::desc& inside) : outside(outside), inside(inside) {
        into = dnnl::reorder(dnnl::reorder::primitive_desc(engine(), outside, engine(), inside));
        outOf = dnnl::reorder(dnnl::reorder::primitive_desc(engine(), inside, engine(), outside));
    }

    at::Tensor enter(const at::Tensor& tensor) const {
        at::Tensor result = bytes(inside);
        run(into, tensor.data_ptr(), outside, result.data_ptr(), inside);
        return result;
    }

    void leave(const at::Tensor& from, const at::Tensor& to) const { run(outOf, from.data_ptr(), inside, to.data_ptr(), outside); }

    memory::desc outside, inside;

private:
    static void run(const dnnl::primitive& reorder, void* from, const memory::desc& fromDesc, void* to, const memory::desc& toDesc) {
        reorder.execute(stream(), {{DNNL_ARG_FROM, memory(fromDesc, engine(), from)}, {DNNL_ARG_TO, memory(toDesc, engine(), to)}});
    }

    dnnl::primitive into, outOf;
};

// What one shape needs, made at its first use.
struct Plan {
    Passage input, weight, output;
    memory::desc scratchpad;
    dnnl::primitive primitive;

    void execute(std::unordered_map<int, memory> arguments) const {
        at::Tensor room = bytes(scratchpad);
        arguments.insert({DNNL_ARG_SCRATCHPAD, memory(scratchpad, engine(), room.data_ptr())});
        primitive.execute(stream(), arguments);
        stream().wait();
    }
};

enum Direction { Forward, ToInput, ToWeight };

struct Convolution {
    const at::Tensor &input, &weight;
    at::IntArrayRef outputSizes;

    Shape shape() const {
        return {input.size(0), input.size(1), input.size(2), input.size(3), weight.size(0), at::get_num_threads(), weight.is_contiguous()};
    }
};


dnnl::primitive_attr attributes() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

template <class Primitive, class PrimitiveDesc>
std::shared_ptr<Plan> planOf(const PrimitiveDesc& desc, const Passage& input, const Passage& weight, const Passage& output) {
    auto plan = std::make_shared<Plan>();
    plan->input = input;
    plan->weight = weight;
    plan->output = output;
    plan->scratchpad = desc.scratchpad_desc();
    plan->primitive = Primitive(desc);
    return plan;
}

std::shared_ptr<Plan> make(Direction direction, const Convolution& conv, const at::Tensor& output) {
    const auto algorithm = dnnl::algorithm::convolution_winograd;
    const memory::dims strides{1, 1}, padding{1, 1};
    const memory::desc x = anyLayout(conv.input.sizes()), w = anyLayout(conv.weight.sizes()), y = anyLayout(conv.outputSizes);
    const memory::desc xOutside = describe(conv.input), wOutside = describe(conv.weight), yOutside = describe(output);
    dnnl::convolution_forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, algorithm, x, w, y, strides, padding, padding}, attributes(), engine());
    switch (direction) {
        case ToInput: {
            dnnl::convolution_backward_data::primitive_desc desc({algorithm, x, w, y, strides, padding, padding}, attributes(), engine(), forward);
            return planOf<dnnl::convolution_backward_data>(desc, {xOutside, desc.diff_src_desc()}, {wOutside, desc.weights_desc()}, {yOutside, desc.diff_dst_desc()});
        }
        case ToWeight: {
            dnnl::convolution_backward_weights::primitive_desc desc({algorithm, x, w, y, strides, padding, padding}, attributes(), engine(), forward);
            return planOf<dnnl::convolution_backward_weights>(desc, {xOutside, desc.src_desc()}, {wOutside, desc.diff_weights_desc()}, {yOutside, desc.diff_dst_desc()});
        }
        default:
            return planOf<dnnl::convolution_forward>(forward, {xOutside, forward.src_desc()}, {wOutside, forward.weights_desc()}, {yOutside, forward.dst_desc()});
    }
}

// Null where oneDNN has no such kernel for this machine.
std::shared_ptr<Plan> plan(Direction direction, const Convolution& conv, const at::Tensor& output) {
    static std::mutex mutex;
    static std::map<std::pair<Direction, Shape>, std::shared_ptr<Plan>> plans;
    std::lock_guard<std::mutex> lock(mutex);
    auto [found, isNew] = plans.try_emplace({direction, conv.shape()});
    if (isNew) {
        try {
            found->second = make(direction, conv, output);
        } catch (const dnnl::error&) {
        }
    }
    return found->second;
}

bool isEnabled() {
    static const bool enabled = [] {
        const char* choice = getenv("CNNTORCH_WINOGRAD");
        return choice == nullptr || std::string(choice) != "0";
    }();
    return enabled;
}

bool isOne(at::IntArrayRef values) {
    return std::all_of(values.begin(), values.end(), [](int64_t value) { return value == 1; });
}

// The shapes that gain: the tiles of 4×4 must not hang over the edges too far, and the channels fill whole vectors.
bool gains(const at::Tensor& input, const at::Tensor& weight, at::IntArrayRef padding, at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    return isEnabled() && groups == 1 && weight.dim() == 4 && weight.size(2) == 3 && weight.size(3) == 3 && isOne(stride) && isOne(dilation) && isOne(padding) &&
           input.scalar_type() == at::kFloat && weight.scalar_type() == at::kFloat && input.layout() == at::kStrided &&
           weight.size(0) % 16 == 0 && weight.size(1) % 16 == 0 && input.size(2) >= 4 && input.size(3) >= 4 && input.numel() > 0 &&
           input.is_contiguous(at::MemoryFormat::ChannelsLast) &&
           (weight.is_contiguous() || weight.is_contiguous(at::MemoryFormat::ChannelsLast));
}

std::vector<int64_t> outputSizes(const at::Tensor& input, const at::Tensor& weight) {
    return {input.size(0), weight.size(0), input.size(2), input.size(3)};
}

at::Tensor convolution(const at::Tensor& input, const at::Tensor& weight, const c10::optional<at::Tensor>& bias, at::IntArrayRef padding,
                       at::IntArrayRef stride, at::IntArrayRef dilation, int64_t groups) {
    auto onwards = [&] { return at::native::mkldnn_convolution(input, weight, bias, padding, stride, dilation, groups); };
    if (!gains(input, weight, padding, stride, dilation, groups)) return onwards();
    auto sizes = outputSizes(input, weight);
    at::Tensor output = at::empty(sizes, input.options().memory_format(at::MemoryFormat::ChannelsLast));
    auto plan = ::plan(Forward, {input, weight, sizes}, output);
    if (plan == nullptr) return onwards();
    at::Tensor x = plan->input.enter(input), w = plan->weight.enter(weight), y = bytes(plan->output.inside);
    plan->execute({{DNNL_ARG_SRC, memory(plan->input.inside, engine(), x.data_ptr())},
                   {DNNL_ARG_WEIGHTS, memory(plan->weight.inside, engine(), w.data_ptr())},
                   {DNNL_ARG_DST, memory(plan->output.inside, engine(), y.data_ptr())}});
    plan->output.leave(y, output);
    if (bias.has_value() && bias->defined()) output.add_(bias->view({1, -1, 1, 1}));
    return output;
}

using Gradients = std::tuple<at::Tensor, at::Tensor, at::Tensor>;

Gradients backward(const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight, at::OptionalIntArrayRef biasSizes,
                   at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef outputPadding,
                   int64_t groups, std::array<bool, 3> wanted) {
    auto onwards = [&](const at::Tensor& g, std::array<bool, 3> mask) {
        return at::native::convolution_backward(g, input, weight, biasSizes, stride, padding, dilation, transposed, outputPadding, groups, mask);
    };
    if (transposed || !gains(input, weight, padding, stride, dilation, groups)) return onwards(gradient, wanted);
    at::Tensor dy = gradient.contiguous(at::MemoryFormat::ChannelsLast);
    Convolution conv{input, weight, dy.sizes()};
    auto toInput = wanted[0] ? plan(ToInput, conv, dy) : nullptr;
    auto toWeight = wanted[1] ? plan(ToWeight, conv, dy) : nullptr;
    if ((wanted[0] && !toInput) || (wanted[1] && !toWeight) || (!toInput && !toWeight)) return onwards(dy, wanted);

    Gradients results;
    at::Tensor y = (toInput ? toInput : toWeight)->output.enter(dy);
    if (toInput) {
        std::get<0>(results) = at::empty_like(input, input.options(), at::MemoryFormat::ChannelsLast);
        at::Tensor w = toInput->weight.enter(weight), x = bytes(toInput->input.inside);
        toInput->execute({{DNNL_ARG_DIFF_DST, memory(toInput->output.inside, engine(), y.data_ptr())},
                          {DNNL_ARG_WEIGHTS, memory(toInput->weight.inside, engine(), w.data_ptr())},
                          {DNNL_ARG_DIFF_SRC, memory(toInput->input.inside, engine(), x.data_ptr())}});
        toInput->input.leave(x, std::get<0>(results));
    }
    if (toWeight) {
        if (toInput && toInput->output.inside != toWeight->output.inside) y = toWeight->output.enter(dy);
        std::get<1>(results) = at::empty_like(weight);
        at::Tensor x = toWeight->input.enter(input), w = bytes(toWeight->weight.inside);
        toWeight->execute({{DNNL_ARG_DIFF_DST, memory(toWeight->output.inside, engine(), y.data_ptr())},
                           {DNNL_ARG_SRC, memory(toWeight->input.inside, engine(), x.data_ptr())},
                           {DNNL_ARG_DIFF_WEIGHTS, memory(toWeight->weight.inside, engine(), w.data_ptr())}});
        toWeight->weight.leave(w, std::get<1>(results));
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
