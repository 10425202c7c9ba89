// The loops of score_maps.cpp.
#include "score_maps_kernels.h"
#include "score_vectors.h"

namespace score_maps::CNN_SET {

template <class T>
static void pool(const T* image, int64_t width, int64_t pixel, const Window& window, int64_t channels, bool largest,
                 const float* scale, const float* shift, T* y) {
    for (int64_t c = 0; c < channels; c += 16) {
        const int64_t count = lesser(16, channels - c);
        const Vector by = scale == nullptr ? Vector{} : loadFirst(scale + c, count), plus = scale == nullptr ? Vector{} : loadFirst(shift + c, count);
        Vector result = Vector{} + (largest ? -INFINITY : 0.0f);
        for (int64_t i = window.top; i < window.bottom; i++) {
            const T* from = image + (i * width + window.left) * pixel + c;
            for (int64_t j = window.left; j < window.right; j++, from += pixel) {
                Vector seen = loadFirst(from, count);
                if (scale != nullptr) seen = atLeast(seen * by + plus, 0);
                if (largest) result = seen > result || seen != seen ? seen : result;
                else result += seen;
            }
        }
        if (!largest) result /= window.divisor;
        storeFirst(result, y + c, count);
    }
}

template <class T>
static void affine(const T* x, int64_t xPixel, int64_t first, int64_t count, int64_t channels, const float* scale, const float* shift, const score::Finish<T>& finish) {
    for (int64_t p = first; p < first + count; p++) {
        for (int64_t c = 0; c < channels; c += 16) {
            const int64_t some = lesser(16, channels - c);
            Vector value = loadFirst(x + p * xPixel + c, some);
            if (scale != nullptr) value = value * loadFirst(scale + c, some) + loadFirst(shift + c, some);
            if (finish.other.data != nullptr) value += loadFirst(finish.other.data + p * finish.other.pixel + c, some);
            value = activated(value, finish.activation);
            if (std::is_same_v<T, float> || !finish.wide) storeFirst(value, finish.y.data + p * finish.y.pixel + c, some);
            else storeFirst(value, reinterpret_cast<float*>(finish.y.data) + p * finish.y.pixel + c, some);
        }
    }
}

template <class T>
static void multiply(const T* x, int64_t xPixel, const T* by, int64_t byPixel, int64_t count, int64_t channels, T* y, int64_t yPixel) {
    for (int64_t p = 0; p < count; p++) {
        for (int64_t c = 0; c < channels; c += 16) {
            const int64_t some = lesser(16, channels - c);
            storeFirst(loadFirst(x + p * xPixel + c, some) * loadFirst(by + p * byPixel + c, some), y + p * yPixel + c, some);
        }
    }
}

template <class T>
static void input(const float* planes, int64_t plane, int64_t first, int64_t count, int64_t channels, const float* mean, const float* factor, T* y, int64_t yPixel) {
    for (int64_t p = first; p < first + count; p += 16) {
        const int64_t some = lesser(16, first + count - p);
        for (int64_t c = 0; c < channels; c++) {
            const Vector value = (loadFirst(planes + c * plane + p, some) - mean[c]) * factor[c];
            for (int64_t i = 0; i < some; i++) y[(p + i) * yPixel + c] = fromFloat<T>(value[i]);
        }
    }
}

template <class T>
static constexpr Kernels<T> table() {
    return {pool<T>, affine<T>, multiply<T>, input<T>};
}

CNN_DEFINE_KERNELS(float)
CNN_DEFINE_KERNELS(BFloat16)

}  // namespace score_maps::CNN_SET
