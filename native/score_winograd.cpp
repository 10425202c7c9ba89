// 3×3 convolutions of stride 1 by Winograd's filtering F(4×4, 3×3), as winograd.cpp, with filters that are transformed once.
#include "score_winograd_kernels.h"

#include "memory.h"
#include "winograd_blocks.h"

#include <vector>

namespace score {
namespace {

using winograd::Block;
using winograd::BlockShape;
using winograd::Panel;
using winograd::Tiling;
using winograd::from;
using winograd::inSteps;
using winograd::pad;

// A row more where rows of a power of two would fall on the same lines of the cache.
int64_t rowOf(int64_t channels) { return channels + 16; }

int64_t ceiling(int64_t value, int64_t by) { return (value + by - 1) / by; }

// How one run is cut up. Where the filters of all 36 positions fit into a core's cache each thread takes blocks of tiles of its own and sees
// them through to the end. Otherwise the input's tiles are transformed by all threads, as many as the shared cache holds; then each thread takes
// panels of outputs, whose filters stay in the cache, and goes through the tiles.
struct Work {
    Work(const Tiling& tiling, int64_t places, int64_t outputs, int64_t widest, int64_t rows)
        : tiling(tiling), tiles(tiling.all), threads(score::threads()), places(places), outputs(outputs), widest(widest), rows(rows) {
        ownTiles = bytes(places * outputs) <= FilterBytes && tiles >= 2 * rows * threads;
        const int64_t own = evenly(BlockBytes / (bytes(rowOf(places)) + bytes(rowOf(outputs))), ownTiles ? threads : 1);
        shared = ownTiles ? own : evenly(SharedBytes / bytes(rowOf(places)), 1);
        step = ownTiles ? own : std::min(shared, evenly(BlockBytes / bytes(widest), 1));
    }

    // Blocks of transformed tiles: those of the input, and those that only one thread uses, of the output.
    BlockShape input() const { return {shared, rowOf(places)}; }
    BlockShape output() const { return {step, ownTiles ? rowOf(outputs) : widest}; }

    Tiling tiling;
    int64_t tiles, threads, places, outputs, widest, rows;
    bool ownTiles;
    int64_t shared, step;  // tiles in a block of the input and of the output

private:
    static constexpr int64_t FilterBytes = 5 << 19, BlockBytes = 3 << 18, SharedBytes = 12 << 20;

    static int64_t bytes(int64_t channels) { return 36 * channels * static_cast<int64_t>(sizeof(float)); }

    // About so many tiles, but so that blocks are of equal size.
    int64_t evenly(int64_t most, int64_t parts) const {
        const int64_t all = ceiling(tiles, parts), blocks = ceiling(all, std::max<int64_t>(most, 1));
        const int64_t count = ceiling(all, blocks), by = count >= rows ? rows : score_winograd::RowStep;
        return std::max<int64_t>(1, ceiling(count, by)) * by;
    }
};

template <class T>
class Winograd final : public Convolution {
public:
    Winograd(const Shape& shape, const float* weights, const float* bias)
        : shape(shape), places(shape.inputs / run_.numbers),
          bias_(shape.outputs, 0.0f), zeros(shape.inputs, 0.0f) {
        for (int64_t first = 0, width = run_.width; first < shape.outputs; first += width) {
            while (first + width > shape.outputs) width /= 2;
            panels.push_back({first, width, static_cast<int64_t>(panels.size())});
        }
        filters = Scratch<float>(panels.back().offset(places) + 36 * panels.back().position(places));
        score::each(0, static_cast<int64_t>(panels.size()), 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) run_.filters(weights, shape.inputs, panels[i], filters.data() + panels[i].offset(places));
        });
        if (bias != nullptr) std::copy_n(bias, shape.outputs, bias_.data());
    }

    void run(int64_t images, const void* x, int64_t xPixel, const void* other, int64_t otherPixel, void* y, int64_t yPixel) const override {
        const Work work(Tiling::of(images, shape.height, shape.width), places, shape.outputs, panels[0].width, run_.rows);
        const Finish<T> finish{bias_.data(), {static_cast<const T*>(other), otherPixel}, {static_cast<T*>(y), yPixel}, shape.activation, false};
        const Pixels<const T> input{static_cast<const T*>(x), xPixel};
        if (work.ownTiles) withOwnTiles(work, input, finish);
        else withSharedTiles(work, input, finish);
    }

private:
    void withOwnTiles(const Work& work, const Pixels<const T>& x, const Finish<T>& finish) const {
        score::each(0, work.threads, 1, [&](int64_t begin, int64_t end) {
            float* room = workspace(work.input().numbers() + work.output().numbers());
            const Block v = work.input().at(room), m = work.output().at(room + work.input().numbers());
            inSteps(work.tiles * begin / work.threads, work.tiles * end / work.threads, work.step, [&](int64_t first, int64_t count) {
                gather(work, x, v, first, count);
                pad(v, count, score_winograd::RowStep, places);
                for (const Panel& panel : panels) multiply(work, v, from(m, 0, panel.first), first, count, panel);
                run_.scatter(m, work.tiling, 0, shape.outputs, first, count, finish);
            });
        });
    }

    void withSharedTiles(const Work& work, const Pixels<const T>& x, const Finish<T>& finish) const {
        const Scratch<float> room(work.input().numbers());
        const Block v = work.input().at(room.data());
        inSteps(0, work.tiles, work.shared, [&](int64_t first, int64_t count) {
            score::each(0, ceiling(count, 4), 1, [&](int64_t begin, int64_t end) { gather(work, x, from(v, 4 * begin), first + 4 * begin, std::min(count, 4 * end) - 4 * begin); });
            pad(v, count, score_winograd::RowStep, places);
            score::each(0, static_cast<int64_t>(panels.size()), 1, [&](int64_t begin, int64_t end) {
                const Block m = work.output().at(workspace(work.output().numbers()));
                for (int64_t i = begin; i < end; i++) {
                    inSteps(0, count, work.step, [&](int64_t tile, int64_t tiles) {
                        multiply(work, from(v, tile), m, first + tile, tiles, panels[i]);
                        run_.scatter(m, work.tiling, panels[i].first, panels[i].width, first + tile, tiles, finish);
                    });
                }
            });
        });
    }

    void gather(const Work& work, const Pixels<const T>& x, const Block& v, int64_t first, int64_t count) const {
        run_.gather(x.data, work.tiling, x.pixel, shape.inputs, first, count, reinterpret_cast<const T*>(zeros.data()), v);
    }

    void multiply(const Work& work, const Block& v, const Block& m, int64_t first, int64_t count, const Panel& panel) const {
        const float* u = filters.data() + panel.offset(places);
        winograd::eachPosition(work.tiling, first, count, score_winograd::RowStep, [&](int64_t p, int64_t begin, int64_t tiles) {
            run_.multiply(v.data + p * v.position + begin * v.row, v.row, tiles, u + p * panel.position(places), places, panel.width,
                          m.data + p * m.position + begin * m.row, m.row);
        });
    }

    const score_winograd::Kernels<T>& run_ = score_winograd::kernels(T{});
    const Shape shape;
    const int64_t places;
    const Scratch<float> bias_, zeros;
    std::vector<Panel> panels;
    Scratch<float> filters{0};
};

}  // namespace

bool suitsWinograd(const Shape& shape, bool bfloat16) {
    if (shape.kernel[0] != 3 || shape.kernel[1] != 3 || shape.stride[0] != 1 || shape.stride[1] != 1 || shape.padding[0] != 1 || shape.padding[1] != 1 ||
        shape.groups != 1 || shape.wide != 0 || shape.inputs % 16 != 0 || shape.outputs % 16 != 0 || instructions::current() < instructions::avx2)
        return false;
    // Vectors of products, and in their measure what the transforms take.
    const double faster = bfloat16 && instructions::current() == instructions::avx512bf16 ? 0.5 : 1;
    const double products = static_cast<double>(shape.inputs) * shape.outputs / 16 * faster;
    const Tiling tiling = Tiling::of(1, shape.height, shape.width);
    const double positions = static_cast<double>(tiling.down.positions() * tiling.across.positions()), tiles = static_cast<double>(tiling.all);
    return positions * products + tiles * (14 * shape.inputs + 10 * shape.outputs) < 0.95 * 9 * shape.height * shape.width * products;
}

template <class T>
std::unique_ptr<Convolution> winograd(const Shape& shape, const float* weights, const float* bias) {
    return std::make_unique<Winograd<T>>(shape, weights, bias);
}

template std::unique_ptr<Convolution> winograd<float>(const Shape&, const float*, const float*);
template std::unique_ptr<Convolution> winograd<BFloat16>(const Shape&, const float*, const float*);

}  // namespace score
