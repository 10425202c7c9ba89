// What batch norm (norm.cpp) and the growing concatenation (append.cpp) share: images stored channels-last are rows of one number a channel,
// one row a pixel, and each channel has a mean and a variance.
#pragma once
#include <ATen/ATen.h>
#include <torch/csrc/autograd/function.h>

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

}  // namespace norm
