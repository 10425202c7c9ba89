// Convolutions as products of matrices: the pixels that an output sees are gathered, a chunk at a time, and multiplied with panels of weights
// that lie in the order in which they are read.
#include "score_direct_kernels.h"

#include "memory.h"

#include <algorithm>
#include <vector>

namespace score {
namespace {

constexpr int64_t SumsOutputs = 512;  // whose sums a thread keeps at a time
constexpr int64_t BlockRows = 84;     // about so many pixels are gathered at a time

int64_t roundUp(int64_t value, int64_t step) { return (value + step - 1) / step * step; }
int64_t ceiling(int64_t value, int64_t by) { return (value + by - 1) / by; }

// Groups of few outputs are taken together, as one with zeros between them, until they fill a vector.
int64_t groupsTogether(const Shape& shape) {
    int64_t together = 1;
    while (shape.groups % (2 * together) == 0 && shape.outputs / shape.groups * together < 16) together *= 2;
    return together;
}

template <class T>
class Direct final : public Convolution {
public:
    Direct(const Shape& shape, const Weights& weights, const float* bias, const NormRelu& before)
        : shape(shape), together(groupsTogether(shape)), groups(shape.groups / together), inputs(shape.inputs / groups), outputs(shape.outputs / groups),
          places(ceiling(shape.kernel[0] * shape.kernel[1] * inputs, run_.numbers)), padded(roundUp(outputs, 16)), packed(groups * places * padded, 0.0f),
          bias_(shape.outputs + 16, 0.0f), before_(before.isThere() ? 3 * (shape.inputs + 16) : 0, 0.0f) {
        if (bias != nullptr) std::copy_n(bias, shape.outputs, bias_.data());
        if (before.isThere()) {
            std::copy_n(before.mean, shape.inputs, before_.data());
            std::copy_n(before.scale, shape.inputs, before_.data() + shape.inputs + 16);
            std::copy_n(before.shift, shape.inputs, before_.data() + 2 * (shape.inputs + 16));
        }
        pack(weights);
        for (int64_t first = 0; first < places; first += Chunk) {
            const int64_t end = std::min(shape.kernel[0] * shape.kernel[1] * inputs, (first + Chunk) * run_.numbers);
            apart_.push_back(pieces(first * run_.numbers, end, 1));
            joined_.push_back(pieces(first * run_.numbers, end, shape.kernel[1]));
        }
    }

    void run(int64_t images, const void* x, int64_t xPixel, const void* other, int64_t otherPixel, void* y, int64_t yPixel) const override {
        const int64_t pixels = images * shape.out_height * shape.out_width, threads = score::threads();
        int64_t shares = ceiling(padded, SumsOutputs), blocks = ceiling(pixels, BlockRows);
        // Each thread has outputs of its own where there are few pixels, and pixels of its own elsewhere.
        if (blocks < 2 * threads && padded >= Panel * threads) shares = std::min(ceiling(padded, Panel), roundUp(shares, threads));
        if (shares * groups % threads != 0) blocks = roundUp(blocks, threads);
        const int64_t rows = roundUp(ceiling(pixels, blocks), pixels >= blocks * run_.rows ? run_.rows : 1);
        blocks = ceiling(pixels, rows);
        const Input input{shape.height, shape.width, xPixel, inputs, shape.out_height, shape.out_width, {shape.stride[0], shape.stride[1]}, {shape.padding[0], shape.padding[1]}};
        const Finish<T> finish{bias_.data(), {static_cast<const T*>(other), otherPixel}, {static_cast<T*>(y), yPixel}, shape.activation, shape.wide != 0};
        const auto& parts = xPixel == inputs && before_.data() == nullptr ? joined_ : apart_;
        score::each(0, groups * shares * blocks, 1, [&](int64_t begin, int64_t end) {
            const int64_t room = roundUp(rows, run_.rows);  // sums are taken, and left, of whole steps of rows
            float* gathered = workspace(room * RowPlaces + 64 + room * (SumsOutputs + Panel));
            float* sums = gathered + room * RowPlaces + 64;
            for (int64_t unit = begin; unit < end; unit++) {
                const int64_t group = unit / blocks / shares, share = unit / blocks % shares, first = unit % blocks * rows;
                const int64_t panels = ceiling(padded, Panel), firstPanel = panels * share / shares, lastPanel = panels * (share + 1) / shares;
                block(static_cast<const T*>(x) + group * inputs, input, parts, group, firstPanel, lastPanel, first, std::min(rows, pixels - first), finish.from(group * outputs), gathered, sums);
            }
        });
    }

private:
    void block(const T* x, const Input& input, const std::vector<std::vector<Piece>>& parts, int64_t group, int64_t firstPanel, int64_t lastPanel, int64_t first,
               int64_t rows, const Finish<T>& finish, float* gathered, float* sums) const {
        const int64_t sumRow = (lastPanel - firstPanel) * Panel + 16, chunks = static_cast<int64_t>(parts.size());
        NormRelu before;
        if (before_.data() != nullptr) before = NormRelu{before_.data(), before_.data() + shape.inputs + 16, before_.data() + 2 * (shape.inputs + 16)}.from(group * inputs);
        for (int64_t chunk = 0; chunk < chunks; chunk++) {
            run_.gather(x, input, parts[chunk].data(), static_cast<int64_t>(parts[chunk].size()), before, first, rows, gathered);
            const int64_t from = chunk * Chunk, count = std::min(Chunk, places - from);
            for (int64_t panel = firstPanel; panel < lastPanel; panel++) {
                const int64_t output = panel * Panel, width = std::min(Panel, padded - output);
                const Finish<T> last = finish.from(output);
                run_.multiply(gathered, rows, packed.data() + group * places * padded + output * places + from * width, count, width,
                              chunks == 1 ? nullptr : sums + (panel - firstPanel) * Panel, sumRow, chunk > 0, chunk + 1 == chunks ? &last : nullptr, first,
                              outputs - output);
            }
        }
    }

    // The numbers of a sum from `begin` to `end`, which go through the kernel row by row, each of `taps` pixels at a time.
    std::vector<Piece> pieces(int64_t begin, int64_t end, int64_t taps) const {
        std::vector<Piece> result;
        const int64_t size = taps * inputs;
        for (int64_t at = begin; at < end;) {
            const int64_t piece = at / size, from = at % size, to = std::min(size, from + end - at), tap = piece * taps;
            result.push_back({tap / shape.kernel[1], tap % shape.kernel[1], taps, from, to});
            at += to - from;
        }
        return result;
    }

    void pack(const Weights& weights) {
        const bool whole = groups == 1 && together == 1 && shape.kernel[0] * shape.kernel[1] == 1 && shape.inputs % 16 == 0 && shape.outputs % 16 == 0 && (weights.input == 1 || weights.output == 1);
        score::each(0, ceiling(shape.outputs, 16), 1, [&](int64_t begin, int64_t end) {
            if (!whole) return pack(weights, 16 * begin, std::min(shape.outputs, 16 * end));
            for (int64_t output = 16 * begin; output < 16 * end; output += 16) {
                const int64_t panel = output / Panel * Panel, width = std::min(Panel, padded - panel);
                run_.pack(weights, output, inputs, width, packed.data() + panel * places + output - panel);
            }
        });
    }

    void pack(const Weights& weights, int64_t begin, int64_t end) {
        const int64_t taps = shape.kernel[0] * shape.kernel[1], ownInputs = shape.inputs / shape.groups, ownOutputs = shape.outputs / shape.groups;
        for (int64_t o = begin; o < end; o++) {
            const int64_t group = o / outputs, output = o % outputs, panel = output / Panel * Panel, width = std::min(Panel, padded - panel);
            const int64_t firstInput = o / ownOutputs % together * ownInputs;
            float* to = packed.data() + group * places * padded + panel * places;
            for (int64_t tap = 0; tap < taps; tap++) {
                for (int64_t i = 0; i < ownInputs; i++) {
                    const int64_t number = tap * inputs + firstInput + i;
                    float* place = to + number / run_.numbers * width + output - panel;
                    const float weight = weights.data[o * weights.output + i * weights.input + tap];
                    if (run_.numbers == 1) *place = weight;
                    else reinterpret_cast<BFloat16*>(place)[number % 2] = fromFloat<BFloat16>(weight);
                }
            }
        }
    }

    const Kernels<T>& run_ = kernels(T{});
    const Shape shape;
    const int64_t together, groups, inputs, outputs, places, padded;
    const Scratch<float> packed, bias_, before_;
    std::vector<std::vector<Piece>> apart_, joined_;
};

}  // namespace

template <class T>
std::unique_ptr<Convolution> direct(const Shape& shape, const Weights& weights, const float* bias, const NormRelu& before) {
    return std::make_unique<Direct<T>>(shape, weights, bias, before);
}

template std::unique_ptr<Convolution> direct<float>(const Shape&, const Weights&, const float*, const NormRelu&);
template std::unique_ptr<Convolution> direct<BFloat16>(const Shape&, const Weights&, const float*, const NormRelu&);

bool& isAlone() {
    static thread_local bool alone = false;
    return alone;
}

float* workspace(int64_t numbers) {
    static thread_local Scratch<float> own(0);
    static thread_local int64_t room = 0;
    if (numbers > room) {
        own = Scratch<float>(numbers);
        room = numbers;
    }
    return own.data();
}

}  // namespace score
