// Blocks of transformed tiles, as winograd.cpp and score_winograd.cpp go through them.
#pragma once
#include "winograd_kernels.h"

#include <algorithm>

namespace winograd {

// What a block takes: so many rows for each of the 36 positions, of so many numbers each.
struct BlockShape {
    int64_t rows, row;

    // Positions do not fall on the same lines of the cache.
    int64_t position() const { return rows * row + 16; }
    int64_t numbers() const { return 36 * position(); }
    Block at(float* data) const { return {data, position(), row}; }
};

inline Block from(const Block& block, int64_t tile, int64_t channel = 0) { return {block.data + tile * block.row + channel, block.position, block.row}; }

// Products are taken of whole steps of tiles: those that are too many are zero.
inline void pad(const Block& block, int64_t count, int64_t step, int64_t channels) {
    for (int64_t t = count; t % step != 0; t++)
        for (int64_t position = 0; position < 36; position++) std::fill_n(block.data + position * block.position + t * block.row, channels, 0.0f);
}

// body(position, begin, count), for each of the 36, of those of so many tiles from `first` on that have it. They begin at a multiple of `step`, and may be none.
template <class Body>
void eachPosition(const Tiling& tiling, int64_t first, int64_t count, int64_t step, Body body) {
    for (int64_t position = 0; position < 36; position++) {
        int64_t begin, end;
        tiling.having(position, begin, end);
        begin = std::clamp<int64_t>(begin - first, 0, count) / step * step;
        end = std::min(end - first, count);
        body(position, begin, std::max<int64_t>(end - begin, 0));
    }
}

// body(first, count), in turn, for parts of `step` and what is left.
template <class Body>
void inSteps(int64_t begin, int64_t end, int64_t step, Body body) {
    for (int64_t first = begin; first < end; first += step) body(first, std::min(step, end - first));
}

}  // namespace winograd
