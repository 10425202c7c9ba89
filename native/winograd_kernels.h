// The loops of winograd.cpp: what they work on, and what there is of them for each instruction set.
#pragma once
#include "instructions.h"
#include "winograd.h"

namespace winograd {

// Tiles of 4×4 outputs.
struct Tiling {
    int64_t height, width, down, across;
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
