// What batch norm (norm.cpp), its passes that do more (residual.cpp, pool.cpp) and the growing concatenation (append.cpp) share: images stored
// channels-last are rows of one number a channel, one row a pixel, and each channel has a mean and a variance.
#pragma once
#include "cnnkernels.h"
#include "numbers.h"
#include "parallel.h"
#include "torch.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace norm {

// Of each channel over all pixels of all images.
struct Moments {
    std::vector<double> mean, variance;
};

// Whether x is images on the CPU, stored so, of a type that the loops are compiled for.
bool isRows(const torch::Tensor& x);

// How far apart the rows lie, in numbers: as many as x has channels where they are dense, more where x is a part of the channels of wider
// images. 0 where x, of four dimensions, is stored otherwise.
int64_t rowStep(const torch::Tensor& x);

// Reads x once. After each stretch of rows, while they are in the cache, `visit` gets the first row and their number, on several threads.
Moments measure(const torch::Tensor& x, const std::function<void(int64_t, int64_t)>& visit = nullptr);

// A norm's numbers, one a channel; the averages are null where it keeps none.
struct Parameters {
    explicit Parameters(const CnnNorm& norm);

    torch::Tensor weight, bias, mean, variance, batches;
    double momentum, epsilon;
};

// Whether the loops take x and these parameters: dense float32 vectors of a number a channel.
bool suits(const torch::Tensor& x, const Parameters& parameters);

// Of each channel: 2 × channels numbers, in float32.
struct Statistics {
    explicit Statistics(torch::Tensor tensor) : tensor(std::move(tensor)) {}

    const float* mean() const { return tensor.data<float>(); }
    const float* inverse() const { return mean() + tensor.size(1); }  // of the standard deviation

    torch::Tensor tensor;
};

// Of x, from its moments, which are measured where they are not given; the averages are brought up to date.
Statistics statisticsOf(const torch::Tensor& x, const Parameters& parameters, const double* means = nullptr, const double* variances = nullptr);

// weight · inverse standard deviation.
std::vector<float> scaleOf(const torch::Tensor& weight, const Statistics& statistics);

// The gradients, where g reaches the norm: the input's is g·scale + (x − mean)·slope + constant.
struct Gradients {
    torch::Tensor weight, bias;
    std::vector<float> scale, slope, constant;
};

// From the sums over all rows of g and of g·(x − mean).
Gradients gradientsOf(const torch::Tensor& weight, const Statistics& statistics, int64_t rows, const std::vector<double>& sum, const std::vector<double>& products);

// The input's, for g stored densely: where a ReLU follows, whose norm has this shift, of the outputs that it lets through. Other: a gradient of x
// from elsewhere, laid out in rows, that is added.
torch::Tensor inputGradient(const torch::Tensor& g, const torch::Tensor& x, const Statistics& statistics, const Gradients& gradients, const float* shift = nullptr,
                            const torch::Tensor& other = {});

// A gradient of x from elsewhere as the loops read it: in rows of any step.
torch::Tensor rows(const torch::Tensor& g, const torch::Tensor& x);

// g as the loops read it: of x's type, stored channels-last.
torch::Tensor dense(const torch::Tensor& g, const torch::Tensor& x);

// An uninitialised tensor of x's size and type, stored channels-last.
inline torch::Tensor emptyLike(const torch::Tensor& x) { return torch::emptyImages(x.size(0), x.size(1), x.size(2), x.size(3), x.type()); }

inline int64_t rowsOf(const torch::Tensor& x) { return x.size(0) * x.size(2) * x.size(3); }

// body(a number of x's type)
template <class Body>
auto byType(const torch::Tensor& x, Body body) {
    return x.type() == torch::BFloat16Type ? body(BFloat16()) : body(float());
}

constexpr int64_t BlockRows = 512;  // rows that are summed in float32 before the sums go on in float64
constexpr int64_t Parts = 16;       // that are summed each for itself, on however many threads

// Two sums per channel over all rows: block(first row, rows, sums, other sums) adds in float32.
template <class Block>
void sumRows(int64_t rows, int64_t channels, std::vector<double>& sum, std::vector<double>& other, Block block) {
    const int64_t parts = std::min<int64_t>(Parts, (rows + BlockRows - 1) / BlockRows);
    std::vector<double> totals(2 * channels * parts);
    parallel::each(0, parts, 1, [&](int64_t begin, int64_t end) {
        std::vector<float> block32(2 * channels);
        for (int64_t part = begin; part < end; part++) {
            double* total = totals.data() + 2 * channels * part;
            for (int64_t row = rows * part / parts, last = rows * (part + 1) / parts; row < last; row += BlockRows) {
                std::fill(block32.begin(), block32.end(), 0.0f);
                block(row, std::min(BlockRows, last - row), block32.data(), block32.data() + channels);
                for (int64_t i = 0; i < 2 * channels; i++) total[i] += block32[i];
            }
        }
    });
    sum.assign(channels, 0.0);
    other.assign(channels, 0.0);
    for (int64_t part = 0; part < parts; part++) {
        for (int64_t c = 0; c < channels; c++) {
            sum[c] += totals[2 * channels * part + c];
            other[c] += totals[2 * channels * part + channels + c];
        }
    }
}

// work(first row, rows), on all threads.
template <class Rows>
void eachRows(int64_t rows, int64_t channels, Rows work) {
    parallel::each(0, rows, std::max<int64_t>(1, 16384 / channels), [&](int64_t begin, int64_t end) { work(begin, end - begin); });
}

}  // namespace norm
