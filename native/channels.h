// Loops over the channels of a pixel, 16 at a time and those that are left one at a time.
#pragma once
#include "vectors.h"

namespace {

// body(a value whose type it is to compute with, the channel)
template <class Body>
CNN_INLINE void eachChannel(int64_t channels, Body body) {
    int64_t c = 0;
    for (; c + 16 <= channels; c += 16) body(Vector{}, c);
    for (; c < channels; c++) body(0.0f, c);
}

template <class V, class T>
CNN_INLINE V read(const T* from) {
    if constexpr (std::is_same_v<V, float>) return toFloat(*from);
    else return load(from);
}

template <class T>
CNN_INLINE void write(Vector value, T* to) { store(value, to); }

template <class T>
CNN_INLINE void write(float value, T* to) { *to = fromFloat<T>(value); }

template <class V>
CNN_INLINE void add(V value, float* to) { write(read<V>(to) + value, to); }

}  // namespace
