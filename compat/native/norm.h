// What batch norm (norm.cpp), its passes that do more (residual.cpp, pool.cpp) and the growing concatenation (append.cpp) share: images stored
// channels-last are rows of one number a channel, one row a pixel, and each channel has a mean and a variance.
#pragma once
#include "numbers.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

namespace norm {

// Of each channel over all pixels of all images.
struct Moments {
    std::vector<double> mean, variance;
};

// Whether x is images on the CPU, stored so, of a type that the loops are compiled for.
bool isRows(const at::Tensor& x);

// How far apart the rows lie, in numbers: as many as x has channels where they are dense, more where x is a part of the channels of wider
// images. 0 where x, of four dimensions, is stored otherwise.
int64_t rowStep(const at::Tensor& x);

// Reads x once. After each stretch of rows, while they are in the cache, `visit` gets the first row and their number, on several threads.
Moments measure(const at::Tensor& x, const std::function<void(int64_t, int64_t)>& visit = nullptr);

// What was measured when x was put together out of parts; nothing where it was not, or has been changed since.
std::optional<Moments> kept(const at::Tensor& x);

// Whether x was put together out of parts, and may be a part of something longer.
bool isAppended(const at::Tensor& x);

// What continues x takes it from this node's second output, which is x.
void goesThrough(const at::Tensor& x, const std::shared_ptr<torch::autograd::Node>& node);

// x once more: the same numbers, as another output of the node that gives it, where autograd collects gradients apart from x's own.
at::Tensor secondOutput(const at::Tensor& x, const std::shared_ptr<torch::autograd::Node>& node);

// A norm's parameters, and the averages that it keeps (undefined where it keeps none).
struct Parameters {
    at::Tensor weight, bias, averageMean, averageVariance;
    double momentum, epsilon;
};

using Optional = c10::optional<at::Tensor>;

Parameters parametersOf(const Optional& weight, const Optional& bias, const Optional& averageMean, const Optional& averageVariance, double momentum, double epsilon);

// Batch norm, and a ReLU where it is asked for; libtorch's where the kernels do not take x.
at::Tensor batchNorm(const at::Tensor& x, const Optional& weight, const Optional& bias, const Optional& averageMean, const Optional& averageVariance, bool training,
                     double momentum, double epsilon, bool relu);

// Whether the kernels take x and these parameters: dense float32 vectors of a number a channel.
bool suits(const at::Tensor& x, const Parameters& parameters);

// Of each channel, in float32.
struct Statistics {
    at::Tensor mean, inverse;  // inverse: of the standard deviation
};

// Of x, and the averages are brought up to date.
Statistics statisticsOf(const at::Tensor& x, const Parameters& parameters);

// The gradients, where g reaches the norm: the input's is g·scale + (x − mean)·slope + constant.
struct Gradients {
    at::Tensor weight, bias, scale;
    std::vector<float> slope, constant;
};

// From the sums over all rows of g and of g·(x − mean).
Gradients gradientsOf(const at::Tensor& weight, const Statistics& statistics, int64_t rows, const std::vector<double>& sum, const std::vector<double>& products);

// The input's, for g stored densely.
at::Tensor inputGradient(const at::Tensor& g, const at::Tensor& x, const Statistics& statistics, const Gradients& gradients);

// Batch norm by libtorch, without averages, and a ReLU where it is asked for.
at::Tensor libtorchs(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double epsilon, bool relu);

// Of inputs that were saved, where gradients are to be differentiated again: those of libtorch's own way to the same result. Undefined where none
// is wanted.
torch::autograd::variable_list differentiable(const torch::autograd::variable_list& inputs, const std::function<at::Tensor()>& forward, const at::Tensor& g);

// g as the kernels read it: of x's type, stored channels-last.
inline at::Tensor dense(const at::Tensor& g, const at::Tensor& x) { return g.to(x.scalar_type()).contiguous(at::MemoryFormat::ChannelsLast); }

template <class T>
T* dataOf(const at::Tensor& tensor) {
    return static_cast<T*>(tensor.data_ptr());
}

// body(a number of x's type)
template <class Body>
auto byType(const at::Tensor& x, Body body) {
    return x.scalar_type() == at::kBFloat16 ? body(BFloat16()) : body(float());
}

constexpr int64_t BlockRows = 512;  // rows that are summed in float32 before the sums go on in float64

// Two sums per channel over all rows: block(first row, rows, sums, other sums) adds in float32.
template <class Block>
void sumRows(int64_t rows, int64_t channels, std::vector<double>& sum, std::vector<double>& other, Block block) {
    const int64_t parts = std::min<int64_t>(at::get_num_threads(), (rows + BlockRows - 1) / BlockRows);
    std::vector<double> totals(2 * channels * parts);
    at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
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
    at::parallel_for(0, rows, std::max<int64_t>(1, 16384 / channels), [&](int64_t begin, int64_t end) { work(begin, end - begin); });
}

}  // namespace norm
