// The loops of score_winograd.cpp.
#pragma once
#include "score.h"
#include "winograd_kernels.h"

namespace score_winograd {

using winograd::Block;
using winograd::Panel;
using winograd::Tiling;

template <class T>
struct Kernels {
    int64_t rows;     // of a product that are best taken at a time
    int64_t width;    // of the widest panel
    int64_t numbers;  // that lie together in the place of one: two where products are of pairs
    // The transforms of 3×3 filters, outputs × inputs × 9, of a panel: for each of 36 positions, rows of its outputs for each input.
    void (*filters)(const float* weights, int64_t inputs, const Panel& panel, float* to);
    void (*gather)(const T* images, const Tiling& tiling, int64_t pixel, int64_t channels, int64_t first, int64_t count, const T* zeros, const Block& block);
    // One position: tiles × inputs by inputs × the panel's outputs.
    void (*multiply)(const float* tiles, int64_t tileRow, int64_t count, const float* filters, int64_t places, int64_t width, float* to, int64_t toRow);
    void (*scatter)(const Block& block, const Tiling& tiling, int64_t firstOutput, int64_t outputs, int64_t first, int64_t count, const score::Finish<T>& finish);
};

constexpr int64_t RowStep = 4;  // tiles are padded to a multiple of it

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace score_winograd
