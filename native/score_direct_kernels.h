// The loops of score_direct.cpp: what they work on, and what there is of them for each instruction set.
#pragma once
#include "instructions.h"
#include "score.h"

namespace score {

constexpr int64_t Chunk = 256;             // places of a sum that are gathered at a time
constexpr int64_t RowPlaces = Chunk + 16;  // from one gathered row to the next; not a power of two: all would fall on the same lines of the cache
constexpr int64_t Panel = 32;              // outputs whose weights lie together

// A part of a chunk: what a pixel sees of neighbours in one row of the input, as many numbers as `taps` pixels have, those from `from` to `to`.
struct Piece {
    int64_t row, column, taps, from, to;
};

struct Input {
    int64_t height, width, pixel, numbers;  // of a pixel: from one to the next, and those that are seen
    int64_t outHeight, outWidth, stride[2], padding[2];
};

template <class T>
struct Kernels {
    int64_t rows;     // of a product that are best taken at a time
    int64_t numbers;  // that lie together in the place of one: two where products are of pairs
    // The weights, output rows or input rows of them dense, between some inputs and 16 outputs, a multiple of 16, in rows of `width`.
    void (*pack)(const Weights& weights, int64_t output, int64_t inputs, int64_t width, float* to);
    // The pieces that `rows` pixels from `first` on see, each in a row of its own.
    void (*gather)(const T* x, const Input& input, const Piece* pieces, int64_t count, const NormRelu& before, int64_t first, int64_t rows, float* to);
    // Sums of `rows` gathered rows times a panel's weights: left in `sums`, or, where they are complete, finished, as the pixels from `first` on.
    void (*multiply)(const float* gathered, int64_t rows, const float* weights, int64_t places, int64_t width, float* sums, int64_t sumRow, bool add,
                     const Finish<T>* finish, int64_t first, int64_t outputs);
};

CNN_DECLARE_KERNELS(float)
CNN_DECLARE_KERNELS(BFloat16)

}  // namespace score
