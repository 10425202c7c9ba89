// The loops of score_direct.cpp.
#include "score_direct_kernels.h"
#include "score_vectors.h"

namespace score::CNN_SET {

// Rows of a product whose sums fit into the registers with two vectors and with one.
#if defined(CNN_AVX512)
static constexpr int Most = 14;
#elif defined(__AVX2__)
static constexpr int Most = 6;
#else
static constexpr int Most = 3;
#endif

// Numbers are copied 16 or 32 at a time: too many at the end, where the next piece, or nothing, follows.
static CNN_INLINE void copy(const float* from, float* to, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) store(load(from + i), to + i);
}

static CNN_INLINE void copy(const BFloat16* from, float* to, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) store(load(from + i), to + i);
}

static CNN_INLINE void copy(const BFloat16* from, BFloat16* to, int64_t count) {
    int64_t i = 0;
    for (; i + 16 < count; i += 32) store(load(reinterpret_cast<const float*>(from + i)), reinterpret_cast<float*>(to + i));
    if (i < count) *reinterpret_cast<BitsAt*>(to + i) = *reinterpret_cast<const BitsAt*>(from + i);
}

template <class T, class Number>
static CNN_INLINE void copy(const T* from, Number* to, int64_t count, const NormRelu& before) {
    for (int64_t i = 0; i < count; i += 16) store(normed(load(from + i), before, i), to + i);
}

template <class Number>
static CNN_INLINE void clear(Number* to, int64_t count) {
    for (int64_t i = 0; i < count; i += 16) store(Vector{}, to + i);
}

template <class Number>
static void pack(const Weights& weights, int64_t output, int64_t inputs, int64_t width, float* to) {
    for (int64_t input = 0; input < inputs; input += 16) {
        Vector rows[16];
        const bool turned = weights.output != 1;  // else outputs lie one behind the other
        for (int64_t i = 0; i < 16; i++)
            rows[i] = turned ? load(weights.data + (output + i) * weights.output + input) : load(weights.data + output + (input + i) * weights.input);
        if (turned) transpose(rows);
        for (int64_t i = 0; i < 16; i += sizeof(float) / sizeof(Number), to += width) {
#ifdef CNN_PAIRS
            if constexpr (sizeof(Number) == 2) {
                store(paired(rows[i], rows[i + 1]), to);
                continue;
            }
#endif
            store(rows[i], to);
        }
    }
}

template <class T, class Number>
static void gather(const T* x, const Input& input, const Piece* pieces, int64_t count, const NormRelu& before, int64_t first, int64_t rows, float* places) {
    int64_t column = first % input.outWidth, row = first / input.outWidth % input.outHeight;
    const T* image = x + first / input.outWidth / input.outHeight * (input.height * input.width * input.pixel);
    for (int64_t r = 0; r < rows; r++, places += RowPlaces) {
        Number* to = reinterpret_cast<Number*>(places);
        const int64_t top = row * input.stride[0] - input.padding[0], left = column * input.stride[1] - input.padding[1];
        for (int64_t p = 0; p < count; p++) {
            const Piece& piece = pieces[p];
            const int64_t above = top + piece.row, beside = left + piece.column;
            int64_t begin = piece.to, end = piece.to;  // of what is inside
            if (above >= 0 && above < input.height) {
                begin = greater(piece.from, greater(0, -beside) * input.numbers);
                end = lesser(piece.to, lesser(piece.taps, input.width - beside) * input.numbers);
                if (begin >= end) begin = end = piece.to;
            }
            if (begin > piece.from) clear(to, begin - piece.from);
            if (begin < end) {
                const T* from = image + (above * input.width + beside) * input.pixel + begin;
                if (!before.isThere()) copy(from, to + (begin - piece.from), end - begin);
                else copy(from, to + (begin - piece.from), end - begin, before.from(begin));
            }
            if (end < piece.to) clear(to + (end - piece.from), piece.to - end);
            to += piece.to - piece.from;
        }
        if constexpr (sizeof(Number) == 2) *to = {0};  // half of a pair
        if (++column < input.outWidth) continue;
        column = 0;
        if (++row < input.outHeight) continue;
        row = 0;
        image += input.height * input.width * input.pixel;
    }
}

// Sums as outputs, straight from the registers. Whole: all rows and all outputs are wanted.
template <class T, class Number, bool Whole, int Rows, int Vectors>
static CNN_INLINE void clamp(Vector (&sum)[Rows][Vectors], const Finish<T>& finish, const Bounds& bounds, int64_t first, int64_t rows, int64_t outputs) {
    Vector bias[Vectors];
CNN_UNROLL
    for (int v = 0; v < Vectors; v++) bias[v] = load(finish.bias + 16 * v);
    if (finish.other.data != nullptr) {
CNN_UNROLL
        for (int r = 0; r < Rows; r++) {
            if (!Whole && r >= rows) break;
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) {
                const T* from = finish.other.data + (first + r) * finish.other.pixel + 16 * v;
                sum[r][v] += Whole || v + 1 < Vectors ? load(from) : loadFirst(from, outputs - 16 * v);
            }
        }
    }
CNN_UNROLL
    for (int r = 0; r < Rows; r++) {
        if (!Whole && r >= rows) break;
        Number* to = reinterpret_cast<Number*>(finish.y.data) + (first + r) * finish.y.pixel;
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) {
            const Vector value = atMost(atLeast(sum[r][v] + bias[v], bounds.least), bounds.most);
            if (Whole || v + 1 < Vectors) store(value, to + 16 * v);
            else storeFirst(value, to + 16 * v, outputs - 16 * v);
        }
    }
}

template <class T, class Numbers, int Rows, int Vectors>
static CNN_INLINE void multiplyRows(const float* a, int64_t rows, const float* b, int64_t places, float* sums, int64_t sumRow, bool add, const Finish<T>* finish,
                                    int64_t first, int64_t outputs) {
    Vector sum[Rows][Vectors];
CNN_UNROLL
    for (int r = 0; r < Rows; r++)
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) sum[r][v] = add ? load(sums + r * sumRow + 16 * v) : Vector{};
    for (int64_t k = 0; k < places; k++, b += 16 * Vectors) {
        Vector right[Vectors];
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) {
            right[v] = load(b + 16 * v);
            __builtin_prefetch(b + (Ahead * Vectors + v) * 16);
        }
CNN_UNROLL
        for (int r = 0; r < Rows; r++) {
            const float left = a[r * RowPlaces + k];
CNN_UNROLL
            for (int v = 0; v < Vectors; v++) sum[r][v] = Numbers::add(sum[r][v], left, right[v]);
        }
    }
    Bounds bounds;
    if (finish != nullptr && bounded(finish->activation, bounds) && (std::is_same_v<T, float> || !finish->wide)) {
        if (rows == Rows && outputs >= 16 * Vectors) clamp<T, T, true>(sum, *finish, bounds, first, rows, outputs);
        else clamp<T, T, false>(sum, *finish, bounds, first, rows, outputs);
        return;
    }
CNN_UNROLL
    for (int r = 0; r < Rows; r++)
CNN_UNROLL
        for (int v = 0; v < Vectors; v++) store(sum[r][v], sums + r * sumRow + 16 * v);
    if (finish == nullptr) return;
    for (int64_t r = 0; r < rows; r++)
        for (int64_t v = 0; v < Vectors && 16 * v < outputs; v++) ::finish(load(sums + r * sumRow + 16 * v), *finish, first + r, 16 * v, outputs - 16 * v);
}

template <class T, class Numbers, int Rows>
static void multiplyWide(const float* gathered, int64_t rows, const float* weights, int64_t places, int64_t width, float* sums, int64_t sumRow, bool add,
                         const Finish<T>* finish, int64_t first, int64_t outputs) {
    if (width == 32) multiplyRows<T, Numbers, Rows, 2>(gathered, rows, weights, places, sums, sumRow, add, finish, first, outputs);
    else multiplyRows<T, Numbers, Rows, 1>(gathered, rows, weights, places, sums, sumRow, add, finish, first, outputs);
}

template <class T, class Numbers>
static void multiply(const float* gathered, int64_t rows, const float* weights, int64_t places, int64_t width, float* sums, int64_t sumRow, bool add,
                     const Finish<T>* finish, int64_t first, int64_t outputs) {
    constexpr int Half = (Most + 1) / 2;
    float own[Most * Panel];
    for (int64_t r = 0; r < rows;) {
        const int64_t left = rows - r;
        float* to = sums == nullptr ? own : sums + r * sumRow;
        const int64_t toRow = sums == nullptr ? width : sumRow;
        const auto take = [&](auto run, int64_t most) {
            run(gathered + r * RowPlaces, lesser(left, most), weights, places, width, to, toRow, add, finish, first + r, outputs);
            r += most;
        };
        if (left > Half) take(multiplyWide<T, Numbers, Most>, Most);
        else if (left > 1) take(multiplyWide<T, Numbers, Half>, Half);
        else take(multiplyWide<T, Numbers, 1>, 1);
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {Most, 1, pack<float>, gather<T, float>, multiply<T, Single>};
}

#ifdef CNN_PAIRS
template <>
constexpr Kernels<BFloat16> table() {
    return {Most, 2, pack<BFloat16>, gather<BFloat16, BFloat16>, multiply<BFloat16, Pair>};
}
#endif

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace score::CNN_SET
