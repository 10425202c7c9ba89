#include "direct.h"

#include "direct_kernels.h"
#include "memory.h"
#include "parallel.h"

#include <algorithm>
#include <vector>

namespace direct {
namespace {

// What the outputs see of the images, in taps of `width` numbers that lie one behind the other: a pixel's channels, or, where these are
// few, those of a row's neighbours too, in a copy of the images that has its border of zeros.
template <class T>
class Taps {
public:
    Taps(const Shape& shape, const T* x)
        : count(shape.kernel[0] * (few(shape) ? 1 : shape.kernel[1])), width(shape.inputs * (few(shape) ? shape.kernel[1] : 1)), shape(shape), images(x),
          height(shape.height), across(shape.width), pixel(shape.pixel), zeros(std::max(width, shape.outputs) + Panel, 0.0f), none(reinterpret_cast<const T*>(zeros.data())) {
        if (few(shape)) addBorder();
    }

    static bool few(const Shape& shape) { return shape.inputs < FewInputs; }

    const T* nothing() const { return none; }
    int64_t line() const { return across * pixel; }

    // Where `tap` of so many outputs begins.
    void find(int64_t tap, int64_t first, int64_t outputs, const T** to) const {
        const int64_t down = few(shape) ? tap : tap / shape.kernel[1] - shape.padding[0], right = few(shape) ? 0 : tap % shape.kernel[1] - shape.padding[1];
        for (int64_t i = 0; i < outputs;) {
            const int64_t line = (first + i) / shape.outWidth, column = (first + i) % shape.outWidth, length = std::min(shape.outWidth - column, outputs - i);
            const int64_t y = line % shape.outHeight * shape.stride[0] + down;
            const T* row = images + (line / shape.outHeight * height + y) * this->line();
            for (int64_t end = i + length, x = column * shape.stride[1] + right; i < end; i++, x += shape.stride[1])
                to[i] = y >= 0 && y < height && x >= 0 && x < across ? row + x * pixel : nothing();
        }
    }

    const int64_t count, width;

private:
    void addBorder() {
        height += 2 * shape.padding[0];
        across += 2 * shape.padding[1];
        const int64_t lines = shape.count * height, numbers = shape.width * shape.inputs, before = shape.padding[1] * shape.inputs;
        bordered = Scratch<T>(lines * line() + Panel);
        T* to = bordered.data();
        std::fill_n(to + lines * line(), Panel, T{});  // is read, but not used
        parallel::each(0, lines, 32, [&](int64_t begin, int64_t end) {
            std::fill(to + begin * line(), to + end * line(), T{});
            for (int64_t i = begin; i < end; i++) {
                const int64_t y = i % height - shape.padding[0];
                if (y >= 0 && y < shape.height) std::copy_n(images + (i / height * shape.height + y) * numbers, numbers, to + i * line() + before);
            }
        });
        images = to;
    }

    const Shape shape;
    const T* images;
    int64_t height, across, pixel;
    const Scratch<float> zeros;
    const T* none;
    Scratch<T> bordered{0};
};

// Part of the work: outputs' pixels, and units of a tap's numbers.
struct Range {
    int64_t firstPixel, lastPixel, firstUnit, lastUnit;
};

// A sum over all pixels for each of the taps' numbers and each output. Where the sums fit into a core's cache, every thread has its own, of
// some of the pixels; otherwise each makes some of the sums.
template <class T, class To>
class FilterGradient {
public:
    FilterGradient(const Shape& shape, const T* x, const T* dy, const Filter<To>& gradient, const NormRelu& before)
        : shape(shape), taps(shape, x), dy(dy), gradient(gradient), before(before), rowsOfTap((taps.width + Rows - 1) / Rows * Rows), unitsOfTap((taps.width + Unit - 1) / Unit),
          size(taps.count * rowsOfTap * shape.outputs), threads(parallel::threads()), copies(size * sizeof(float) <= CoreBytes && shape.pixels() >= FewPixels * threads ? threads : 1),
          sums(copies * size) {}

    void execute() {
        parallel::each(0, threads, 1, [&](int64_t begin, int64_t end) {
            for (int64_t thread = begin; thread < end; thread++) sum(rangeOf(thread), sums.data() + (copies > 1 ? thread * size : 0));
        });
        const int64_t blocks = (rowsOfTap + 15) / 16;
        parallel::each(0, taps.count * blocks, 1, [&](int64_t begin, int64_t end) {
            for (int64_t block = begin; block < end; block++) finish(block / blocks, block % blocks * 16);
        });
    }

private:
    static constexpr int64_t Unit = 32, CoreBytes = 1 << 19, FewPixels = 1024;

    Range rangeOf(int64_t thread) const {
        const int64_t pixels = shape.pixels(), units = taps.count * unitsOfTap;
        if (copies > 1) return {pixels * thread / threads, pixels * (thread + 1) / threads, 0, units};
        return {0, pixels, units * thread / threads, units * (thread + 1) / threads};
    }

    void sum(const Range& range, float* to) const {
        const Scratch<float> gradients(shape.outputs * Steps), inputs(Unit * Steps);
        float *d = gradients.data(), *a = inputs.data();
        std::vector<const T*> at(run.numbers * Steps);
        // Parts of equal size.
        const int64_t pixels = range.lastPixel - range.firstPixel, parts = (pixels + run.numbers * Steps - 1) / (run.numbers * Steps);
        for (int64_t part = 0, first = range.firstPixel, count; part < parts; part++, first += count) {
            count = (pixels * (part + 1) / parts) - (pixels * part / parts);
            const int64_t steps = (count + run.numbers - 1) / run.numbers;
            std::fill(at.begin() + count, at.end(), taps.nothing());
            for (int64_t i = 0; i < count; i++) at[i] = dy + (first + i) * shape.outputs;
            for (int64_t o = 0; o < shape.outputs; o += 16) run.pack(at.data(), steps, o, d + o / Panel * Panel * Steps + o % Panel, panelWidth(o / Panel * Panel));
            for (int64_t unit = range.firstUnit; unit < range.lastUnit; unit++) {
                const int64_t tap = unit / unitsOfTap, from = unit % unitsOfTap * Unit;
                if (from == 0 || unit == range.firstUnit) taps.find(tap, first, count, at.data());
                for (int64_t c = 0; c < Unit && from + c < taps.width; c += 16) {
                    if (before.isThere()) run.packNormed(at.data(), steps, from + c, before, a + c * Steps);
                    else run.pack(at.data(), steps, from + c, a + c * Steps, 16);
                }
                for (int64_t o = 0; o < shape.outputs; o += Panel) {
                    for (int64_t r = 0; r < Unit && from + r < rowsOfTap; r += Rows) {
                        run.accumulate(a + r / 16 * 16 * Steps + r % 16, d + o * Steps, steps, panelWidth(o), to + (tap * rowsOfTap + from + r) * shape.outputs + o,
                                       shape.outputs, first != range.firstPixel);
                    }
                }
            }
        }
        if (range.firstPixel == range.lastPixel) std::fill_n(to, size, 0.0f);
    }

    int64_t panelWidth(int64_t output) const { return std::min(Panel, shape.outputs - output); }

    // Up to 16 of a tap's gradients.
    void finish(int64_t tap, int64_t first) const {
        const float* from = sums.data() + (tap * rowsOfTap + first) * shape.outputs;
        if (!Taps<T>::few(shape) && gradient.strides[1] == 1) {
            for (int64_t o = 0; o < shape.outputs; o += 16) kernels(To{}).finish(from + o, copies, size, shape.outputs, place(tap, first, o), gradient.strides[0]);
            return;
        }
        for (int64_t r = first; r < std::min(first + 16, taps.width); r++, from += shape.outputs) {
            To* to = place(tap, r, 0);
            for (int64_t o = 0; o < shape.outputs; o++) {
                float sum = 0;
                for (int64_t copy = 0; copy < copies; copy++) sum += from[copy * size + o];
                to[o * gradient.strides[0]] = fromFloat<To>(sum);
            }
        }
    }

    To* place(int64_t tap, int64_t number, int64_t output) const {
        if (Taps<T>::few(shape)) return gradient.at(output, number % shape.inputs, tap, number / shape.inputs);
        return gradient.at(output, number, tap / shape.kernel[1], tap % shape.kernel[1]);
    }

    const Kernels<T>& run = kernels(T{});
    const Shape shape;
    const Taps<T> taps;
    const T* dy;
    const Filter<To> gradient;
    const NormRelu before;
    const int64_t rowsOfTap, unitsOfTap, size, threads, copies;
    const Scratch<float> sums;
};

// A panel's filters, line by line: for each number of an image, or pair, those of `width` outputs, of which some may not exist.
template <class T>
void arrange(const Shape& shape, const Filter<const T>& filter, int64_t numbers, int64_t first, int64_t width, float* panel) {
    constexpr int64_t Together = sizeof(float) / sizeof(T);
    T* to = reinterpret_cast<T*>(panel);
    for (int64_t row = 0; row < shape.kernel[0]; row++) {
        for (int64_t number = 0; number < Together * numbers; number++) {
            for (int64_t o = 0; o < width; o++) {
                const bool real = number < shape.kernel[1] * shape.inputs && first + o < shape.outputs;
                to[((row * numbers + number / Together) * width + o) * Together + number % Together] =
                    real ? *filter.at(first + o, number % shape.inputs, row, number / shape.inputs) : T{};
            }
        }
    }
}

}  // namespace

template <>
bool isQuick<float>() { return instructions::current() >= instructions::avx2; }

template <>
bool isQuick<BFloat16>() { return kernels(BFloat16{}).patches != nullptr; }

template <class T, class To>
void filterGradient(const Shape& shape, const T* x, const T* dy, const Filter<To>& gradient, const NormRelu& before) {
    FilterGradient<T, To>(shape, x, dy, gradient, before).execute();
}

template void filterGradient(const Shape&, const float*, const float*, const Filter<float>&, const NormRelu&);
template void filterGradient(const Shape&, const BFloat16*, const BFloat16*, const Filter<BFloat16>&, const NormRelu&);
template void filterGradient(const Shape&, const BFloat16*, const BFloat16*, const Filter<float>&, const NormRelu&);

template <class T>
void convolve(const Shape& shape, const T* x, const Filter<const T>& filter, const float* bias, T* y) {
    constexpr int64_t Together = sizeof(float) / sizeof(T);
    const Taps<T> taps(shape, x);
    const Lines lines{shape.kernel[0], taps.line(), (taps.width + Together - 1) / Together};
    const int64_t outputs = (shape.outputs + 15) / 16 * 16;
    const Scratch<float> arranged(lines.count * lines.numbers * outputs), shifts(bias == nullptr ? 0 : outputs);
    if (bias != nullptr)
        for (int64_t o = 0; o < outputs; o++) shifts.data()[o] = o < shape.outputs ? bias[o] : 0.0f;
    const auto filtersOf = [&](int64_t first) { return arranged.data() + lines.count * lines.numbers * first; };
    for (int64_t o = 0; o < outputs; o += Panel) arrange(shape, filter, lines.numbers, o, std::min(Panel, outputs - o), filtersOf(o));
    const int64_t pixels = shape.pixels();
    parallel::each(0, (pixels + Rows - 1) / Rows, 4, [&](int64_t begin, int64_t end) {
        const T* at[Rows];
        for (int64_t first = begin * Rows; first < std::min(pixels, end * Rows); first += Rows) {
            const int64_t count = std::min(Rows, pixels - first);
            taps.find(0, first, count, at);
            std::fill(at + count, at + Rows, at[0]);
            for (int64_t o = 0; o < shape.outputs; o += Panel) {
                kernels(T{}).patches(at, count, lines, std::min(Panel, shape.outputs - o), filtersOf(o), bias == nullptr ? nullptr : shifts.data() + o,
                                     y + first * shape.outputs + o, shape.outputs);
            }
        }
    });
}

template void convolve(const Shape&, const float*, const Filter<const float>&, const float*, float*);
template void convolve(const Shape&, const BFloat16*, const Filter<const BFloat16>&, const float*, BFloat16*);

template <class T>
void inputGradient(const Shape& shape, const T* dy, const Filter<const T>& filter, T* dx) {
    const int64_t line = shape.kernel[1] * shape.inputs, vectors = (line + 15) / 16, width = shape.width + 2 * shape.padding[1], height = shape.height + 2 * shape.padding[0];
    const Scratch<float> filters(shape.kernel[0] * vectors * shape.outputs * 16, 0.0f);
    const auto filtersOf = [&](int64_t row, int64_t vector) { return filters.data() + (row * vectors + vector) * shape.outputs * 16; };
    for (int64_t row = 0; row < shape.kernel[0]; row++)
        for (int64_t number = 0; number < line; number++)
            for (int64_t o = 0; o < shape.outputs; o++) filtersOf(row, number / 16)[o * 16 + number % 16] = toFloat(*filter.at(o, number % shape.inputs, row, number / shape.inputs));
    parallel::each(0, shape.count, 1, [&](int64_t begin, int64_t end) {
        const int64_t numbers = height * width * shape.inputs;
        const Scratch<float> image(numbers + 16);  // with its border; a vector's last places may lie behind it
        for (int64_t i = begin; i < end; i++) {
            std::fill_n(image.data(), numbers + 16, 0.0f);
            for (int64_t y = 0; y < shape.outHeight; y++)
                for (int64_t row = 0; row < shape.kernel[0]; row++)
                    for (int64_t vector = 0; vector < vectors; vector++)
                        kernels(T{}).spread(dy + (i * shape.outHeight + y) * shape.outWidth * shape.outputs, shape.outWidth, shape.outputs, filtersOf(row, vector),
                                            image.data() + (y * shape.stride[0] + row) * width * shape.inputs + 16 * vector, shape.stride[1] * shape.inputs);
            for (int64_t y = 0; y < shape.height; y++) {
                const float* from = image.data() + ((y + shape.padding[0]) * width + shape.padding[1]) * shape.inputs;
                T* to = dx + (i * shape.height + y) * shape.width * shape.inputs;
                for (int64_t number = 0; number < shape.width * shape.inputs; number++) to[number] = fromFloat<T>(from[number]);
            }
        }
    });
}

template void inputGradient(const Shape&, const float*, const Filter<const float>&, float*);
template void inputGradient(const Shape&, const BFloat16*, const Filter<const BFloat16>&, BFloat16*);

template <class T>
void sumRows(const T* from, int64_t rows, int64_t channels, double* sums) {
    constexpr int64_t Block = 256;  // rows that are summed in float32
    const int64_t threads = parallel::threads();
    const Scratch<double> totals(threads * channels, 0.0);
    parallel::each(0, threads, 1, [&](int64_t begin, int64_t end) {
        std::vector<float> block(channels);
        for (int64_t thread = begin; thread < end; thread++) {
            for (int64_t row = rows * thread / threads, last = rows * (thread + 1) / threads; row < last; row += Block) {
                std::fill(block.begin(), block.end(), 0.0f);
                kernels(T{}).sums(from + row * channels, std::min(Block, last - row), channels, block.data());
                for (int64_t c = 0; c < channels; c++) totals.data()[thread * channels + c] += block[c];
            }
        }
    });
    for (int64_t c = 0; c < channels; c++) {
        sums[c] = 0;
        for (int64_t thread = 0; thread < threads; thread++) sums[c] += totals.data()[thread * channels + c];
    }
}

template void sumRows(const float*, int64_t, int64_t, double*);
template void sumRows(const BFloat16*, int64_t, int64_t, double*);

}  // namespace direct
