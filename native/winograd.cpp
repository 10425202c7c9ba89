#include "winograd.h"

#include "memory.h"
#include "parallel.h"
#include "winograd_blocks.h"

#include <algorithm>
#include <vector>

namespace winograd {
namespace {

// A row more where rows of a power of two would fall on the same lines of the cache.
int64_t rowOf(int64_t channels) { return channels >= 256 ? channels + 16 : channels; }

template <class Body>
void eachThread(Body body) {
    const int64_t threads = parallel::threads();
    parallel::each(0, threads, 1, [&](int64_t begin, int64_t end) {
        for (int64_t thread = begin; thread < end; thread++) body(thread, threads);
    });
}

// How one convolution is cut up: into tiles, blocks of tiles, and panels of outputs.
//
// Where the filters of all 36 positions fit into a core's cache each thread takes blocks of tiles of its own and sees them through to the
// end. Otherwise the input's tiles are transformed by all threads, as many as the shared cache holds; then each thread takes panels of outputs,
// whose filters stay in the cache, and goes through the tiles.
struct Work {
    // A row of the input's block has so many places, and holds so many tiles.
    Work(const Images& images, int64_t inputs, int64_t outputs, int64_t widest, int64_t places, int64_t tilesInRow)
        : tiling(Tiling::of(images.count, images.height, images.width)), tiles(tiling.all),
          inputs(inputs), outputs(outputs), places(places), tilesInRow(tilesInRow), threads(parallel::threads()) {
        ownTiles = bytes(inputs * outputs) <= FilterBytes && tiles >= 2 * RowStep * threads;
        while (widest > 16 && !ownTiles && (outputs / widest < threads || bytes(places * widest) > PanelBytes)) widest /= 2;
        for (int64_t first = 0; first < outputs; first += panels.back().width) {
            while (first + widest > outputs) widest /= 2;
            panels.push_back({first, widest, static_cast<int64_t>(panels.size())});
        }
        const int64_t own = evenly(tilesInRow * BlockBytes / (bytes(rowOf(places)) + bytes(rowOf(outputs))));
        shared = ownTiles ? own : evenly(tilesInRow * SharedBytes / bytes(rowOf(places)));
        step = ownTiles ? own : std::min(shared, evenly(tilesInRow * BlockBytes / bytes(panels[0].width)));
    }

    // Where the input is one block, a panel's filters are used up before the thread's next panel, and take its place.
    bool isOneBlock() const { return !ownTiles && shared >= tiles; }
    int64_t filterRoom() const { return 36 * (isOneBlock() ? panels[0].position(inputs) : inputs * outputs + 80 * static_cast<int64_t>(panels.size())); }
    int64_t filterOffset(const Panel& panel) const { return isOneBlock() ? parallel::thread() * filterRoom() : panel.offset(inputs); }

    // Blocks of transformed tiles: those of the input, and those that only one thread uses, of the output.
    BlockShape input() const { return {shared / tilesInRow, rowOf(places)}; }
    BlockShape output() const { return {step / tilesInRow, ownTiles ? rowOf(outputs) : panels[0].width}; }

    template <class Body>
    void eachPanel(Body body) const {
        parallel::each(0, static_cast<int64_t>(panels.size()), 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) body(panels[i]);
        });
    }

    Tiling tiling;
    int64_t tiles, inputs, outputs, places, tilesInRow, threads;
    std::vector<Panel> panels;
    bool ownTiles;
    int64_t shared, step;  // tiles in a block of the input and of the output

private:
    static constexpr int64_t FilterBytes = 5 << 19, PanelBytes = 5 << 19, BlockBytes = 3 << 18, SharedBytes = 24 << 20;

    static int64_t bytes(int64_t channels) { return 36 * channels * sizeof(float); }

    // About so many tiles, but so that blocks are of equal size.
    int64_t evenly(int64_t most) const {
        const int64_t blocks = (tiles + most - 1) / std::max<int64_t>(most, 1);
        return std::max<int64_t>(1, ((tiles + blocks - 1) / blocks + RowStep - 1) / RowStep) * RowStep;
    }
};

// body(begin, end) on all threads, for whole steps of tiles.
template <class Body>
void eachStep(int64_t count, Body body) {
    parallel::each(0, (count + RowStep - 1) / RowStep, 1, [&](int64_t begin, int64_t end) { body(begin * RowStep, std::min(count, end * RowStep)); });
}

template <class T>
class Convolution {
public:
    Convolution(const Images& images, const T* x, int64_t inputs, const Filter<const T>& filter, int64_t outputs, const float* bias, T* y)
        : work(images, inputs, outputs, run.width, inputs / run.numbers, 1), x(x), filter(filter), bias(bias), y(y), zeros(inputs, 0.0f),
          input((work.ownTiles ? work.threads : 1) * work.input().numbers()), output(work.threads * work.output().numbers()),
          filters((work.isOneBlock() ? work.threads : 1) * work.filterRoom()) {}

    void execute() {
        if (work.ownTiles) withOwnTiles();
        else withSharedTiles();
    }

private:
    void withOwnTiles() {
        // A panel's in parts: there may be only one panel.
        const int64_t blocks = work.inputs / 16;
        parallel::each(0, static_cast<int64_t>(work.panels.size()) * blocks, 1, [&](int64_t begin, int64_t end) {
            for (int64_t i = begin; i < end; i++) transform(work.panels[i / blocks], {i % blocks * 16, 16});
        });
        parallel::each(0, (work.tiles + work.step - 1) / work.step, 1, [&](int64_t begin, int64_t end) {
            const Block v = inputOf(parallel::thread()), m = outputOf(parallel::thread());
            inSteps(begin * work.step, std::min(work.tiles, end * work.step), work.step, [&](int64_t first, int64_t count) {
                gather(v, first, count);
                pad(v, count, RowStep, work.places);
                for (const Panel& panel : work.panels) multiply(v, from(m, 0, panel.first), first, count, panel);
                scatter(m, {work.outputs, 0, work.outputs}, first, count);
            });
        });
    }

    void withSharedTiles() {
        const Block v = inputOf(0);
        inSteps(0, work.tiles, work.shared, [&](int64_t first, int64_t count) {
            eachStep(count, [&](int64_t begin, int64_t end) { gather(from(v, begin), first + begin, end - begin); });
            pad(v, count, RowStep, work.places);
            work.eachPanel([&](const Panel& panel) {
                const Block m = outputOf(parallel::thread());
                if (first == 0) transform(panel, {0, work.inputs});
                inSteps(0, count, work.step, [&](int64_t tile, int64_t tiles) {
                    multiply(from(v, tile), m, first + tile, tiles, panel);
                    scatter(m, {work.outputs, panel.first, panel.width}, first + tile, tiles);
                });
            });
        });
    }

    Block inputOf(int64_t thread) const { return work.input().at(input.data() + thread * work.input().numbers()); }
    Block outputOf(int64_t thread) const { return work.output().at(output.data() + thread * work.output().numbers()); }

    void transform(const Panel& panel, const Inputs& inputs) { run.filters(filter, work.inputs, inputs, panel, filters.data() + work.filterOffset(panel)); }

    void gather(const Block& v, int64_t first, int64_t count) {
        run.gatherInputs(x, work.tiling, {work.inputs, 0, work.inputs}, first, count, reinterpret_cast<const T*>(zeros.data()), v);
    }

    void multiply(const Block& v, const Block& m, int64_t first, int64_t count, const Panel& panel) {
        const float* u = filters.data() + work.filterOffset(panel);
        eachPosition(work.tiling, first, count, RowStep, [&](int64_t p, int64_t begin, int64_t tiles) {
            run.multiply(v.data + p * v.position + begin * v.row, v.row, tiles, u + p * panel.position(work.places), work.places, panel.width,
                         m.data + p * m.position + begin * m.row, m.row);
        });
    }

    void scatter(const Block& m, const Channels& channels, int64_t first, int64_t count) {
        run.scatter(m, work.tiling, channels, first, count, bias, y);
    }

    const Kernels<T>& run = kernels(T{});
    const Work work;
    const T* x;
    const Filter<const T> filter;
    const float* bias;
    T* y;
    const Scratch<float> zeros, input, output, filters;
};

template <class T>
class FilterGradient {
public:
    FilterGradient(const Images& images, const T* x, int64_t inputs, const T* dy, int64_t outputs, const Filter<T>& gradient)
        : work(images, inputs, outputs, run.width, inputs, run.numbers), x(x), dy(dy), gradient(gradient), zeros(std::max(inputs, outputs), 0.0f),
          input(copies() * work.input().numbers()), output(work.threads * work.output().numbers()), sums((work.isOneBlock() ? work.threads : copies()) * work.filterRoom()) {}

    void execute() {
        if (work.ownTiles) withOwnTiles();
        else withSharedTiles();
    }

private:
    void withOwnTiles() {
        eachThread([&](int64_t thread, int64_t threads) {
            const Block v = inputOf(thread), d = outputOf(thread);
            const int64_t begin = work.tiles * thread / threads;
            inSteps(begin, work.tiles * (thread + 1) / threads, work.step, [&](int64_t first, int64_t count) {
                gather(v, first, count);
                gatherGradient(d, {work.outputs, 0, work.outputs}, first, count);
                for (const Panel& panel : work.panels) accumulate(v, from(d, 0, panel.first), first, count, thread, all(), panel, first != begin);
            });
        });
        work.eachPanel([&](const Panel& panel) { finish(all(), panel); });
    }

    void withSharedTiles() {
        const Block v = inputOf(0);
        inSteps(0, work.tiles, work.shared, [&](int64_t first, int64_t count) {
            eachStep(count, [&](int64_t begin, int64_t end) { gather(from(v, begin / work.tilesInRow), first + begin, end - begin); });
            work.eachPanel([&](const Panel& panel) {
                const Block d = outputOf(parallel::thread());
                const Channels channels{work.outputs, panel.first, panel.width};
                if (work.step >= work.tiles) {
                    gatherGradient(d, channels, 0, count);
                    inSteps(0, work.inputs, InputsAtOnce, [&](int64_t input, int64_t inputs) {
                        accumulate(from(v, 0, input), d, first, count, 0, {input, inputs}, panel, false);
                        finish({input, inputs}, panel);
                    });
                    return;
                }
                inSteps(0, count, work.step, [&](int64_t tile, int64_t tiles) {
                    gatherGradient(d, channels, first + tile, tiles);
                    accumulate(from(v, tile / work.tilesInRow), d, first + tile, tiles, 0, all(), panel, first + tile != 0);
                });
                if (first + count == work.tiles) finish(all(), panel);
            });
        });
    }

    static constexpr int64_t InputsAtOnce = 128;  // whose sums stay in the cache until they are turned into gradients

    Inputs all() const { return {0, work.inputs}; }
    int64_t copies() const { return work.ownTiles ? work.threads : 1; }
    Block inputOf(int64_t thread) const { return work.input().at(input.data() + thread * work.input().numbers()); }
    Block outputOf(int64_t thread) const { return work.output().at(output.data() + thread * work.output().numbers()); }

    void gather(const Block& v, int64_t first, int64_t count) {
        run.gatherTiles(x, work.tiling, {work.inputs, 0, work.inputs}, first, count, reinterpret_cast<const T*>(zeros.data()), v);
    }

    void gatherGradient(const Block& d, const Channels& channels, int64_t first, int64_t count) {
        run.gatherGradient(dy, work.tiling, channels, first, count, reinterpret_cast<const T*>(zeros.data()), d);
    }

    void accumulate(const Block& v, const Block& d, int64_t first, int64_t count, int64_t thread, const Inputs& inputs, const Panel& panel, bool add) {
        float* sum = sums.data() + thread * work.filterRoom() + work.filterOffset(panel);
        eachPosition(work.tiling, first, count, work.tilesInRow, [&](int64_t p, int64_t begin, int64_t tiles) {
            const int64_t row = begin / work.tilesInRow, rows = (tiles + work.tilesInRow - 1) / work.tilesInRow;
            const float *a = v.data + p * v.position + row * v.row, *b = d.data + p * d.position + row * d.row;
            run.accumulate(a, v.row, b, d.row, rows, inputs.count, panel.width, sum + p * panel.position(inputs.count), add);
        });
    }

    void finish(const Inputs& inputs, const Panel& panel) {
        run.filterGradients(sums.data() + work.filterOffset(panel), copies(), work.filterRoom(), inputs, panel, gradient);
    }

    const Kernels<T>& run = kernels(T{});
    const Work work;
    const T *x, *dy;
    const Filter<T> gradient;
    const Scratch<float> zeros, input, output, sums;
};

}  // namespace

bool isQuick() { return instructions::current() >= instructions::avx2; }

template <class T>
void convolve(const Images& images, const T* x, int64_t inputs, const Filter<const T>& filter, int64_t outputs, const float* bias, T* y) {
    Convolution<T>(images, x, inputs, filter, outputs, bias, y).execute();
}

template <class T>
void filterGradient(const Images& images, const T* x, int64_t inputs, const T* dy, int64_t outputs, const Filter<T>& gradient) {
    FilterGradient<T>(images, x, inputs, dy, outputs, gradient).execute();
}

template void convolve(const Images&, const float*, int64_t, const Filter<const float>&, int64_t, const float*, float*);
template void convolve(const Images&, const BFloat16*, int64_t, const Filter<const BFloat16>&, int64_t, const float*, BFloat16*);
template void filterGradient(const Images&, const float*, int64_t, const float*, int64_t, const Filter<float>&);
template void filterGradient(const Images&, const BFloat16*, int64_t, const BFloat16*, int64_t, const Filter<BFloat16>&);

}  // namespace winograd
