// The loops of winograd.cpp: what they work on, and what there is of them for each instruction set.
#pragma once
#include "instructions.h"
#include "winograd.h"

namespace winograd {

// How one side of a map is cut: into tiles of four outputs, and behind these into tiles of three, which take the place of fours that would hang over
// the edge.
struct Side {
    int64_t size, fours, threes;

    static CNN_INLINE Side of(int64_t size) {
        const int64_t tiles = (size + 3) / 4, over = 4 * tiles - size, threes = over < tiles ? over : tiles;
        return {size, tiles - threes, threes};
    }

    CNN_INLINE int64_t positions() const { return 6 * fours + 5 * threes; }
};

// A tile of height × width outputs, three or four each.
struct Tile {
    int64_t image, top, left, height, width;
};

// The tiles of some images, in the order 3×3, 4×3, 4×4, 3×4, each kind image by image: those of the same height lie together, those of the same width too.
struct Tiling {
    int64_t images;
    Side down, across;
    int64_t all, ends[3];  // of the first three kinds

    static CNN_INLINE Tiling of(int64_t images, int64_t height, int64_t width) {
        const Side down = Side::of(height), across = Side::of(width);
        const int64_t first = images * down.threes * across.threes, second = first + images * down.fours * across.threes, third = second + images * down.fours * across.fours;
        return {images, down, across, third + images * down.threes * across.fours, {first, second, third}};
    }

    CNN_INLINE Tile at(int64_t tile) const {
        const bool tall = tile >= ends[0] && tile < ends[2], wide = tile >= ends[1];
        const int64_t place = tile - (tile < ends[0] ? 0 : ends[wide + (wide && !tall)]);
        const int64_t rows = tall ? down.fours : down.threes, columns = wide ? across.fours : across.threes, row = place / columns % rows, column = place % columns;
        return {place / columns / rows, tall ? 4 * row : 4 * down.fours + 3 * row, wide ? 4 * column : 4 * across.fours + 3 * column, tall ? 4 : 3, wide ? 4 : 3};
    }

    // Those tiles for which a position is not zero: only tiles of four have the fifth of a row or column.
    CNN_INLINE void having(int64_t position, int64_t& begin, int64_t& end) const {
        begin = position % 6 == 4 ? ends[1] : position / 6 == 4 ? ends[0] : 0;
        end = position / 6 == 4 ? ends[2] : all;
    }
};

// Transformed tiles: 36 positions, each with rows of channels, a row a tile.
struct Block {
    float* data;
    int64_t position, row;
};

// Some of the channels of an image.
struct Channels {
    int64_t all, first, width;
};

// Some of the inputs of a filter.
struct Inputs {
    int64_t first, count;
};

// Outputs whose transformed filters lie together.
struct Panel {
    int64_t first, width, index;

    // Numbers from one of the 36 positions to the next. Not a power of two: all would fall on the same lines of the cache.
    CNN_INLINE int64_t position(int64_t inputs) const { return inputs * width + 80; }
    // Where it begins among all.
    CNN_INLINE int64_t offset(int64_t inputs) const { return 36 * (inputs * first + 80 * index); }
};

template <class T>
struct Kernels {
    int64_t width;    // of the widest panel
    int64_t numbers;  // that lie together in the place of one: two where products are of bfloat16
    void (*gatherInputs)(const T*, const Tiling&, const Channels&, int64_t, int64_t, const T*, const Block&);  // numbers are inputs
    void (*gatherTiles)(const T*, const Tiling&, const Channels&, int64_t, int64_t, const T*, const Block&);   // numbers are tiles
    void (*gatherGradient)(const T*, const Tiling&, const Channels&, int64_t, int64_t, const T*, const Block&);
    void (*scatter)(const Block&, const Tiling&, const Channels&, int64_t, int64_t, const float*, T*);
    void (*filters)(const Filter<const T>&, int64_t, const Inputs&, const Panel&, float*);
    void (*filterGradients)(const float*, int64_t, int64_t, const Inputs&, const Panel&, const Filter<T>&);
    void (*multiply)(const float*, int64_t, int64_t, const float*, int64_t, int64_t, float*, int64_t);
    void (*accumulate)(const float*, int64_t, const float*, int64_t, int64_t, int64_t, int64_t, float*, bool);
};

constexpr int64_t RowStep = 6;  // tiles that one product takes at a time

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace winograd
