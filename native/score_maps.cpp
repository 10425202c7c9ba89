// What is no convolution: pools, sums, products, scales, activations, and the way in. And the C interface of scoring.
#include "score_maps_kernels.h"

#include "errors.h"
#include "memory.h"

#include <algorithm>
#include <vector>
#if defined(__linux__)
#include <unistd.h>
#endif

namespace {

using score::Finish;

// body(a number of the type) for the precision.
template <class Body>
int inPrecision(int bfloat16, const Body& body) {
    return guarded([&] {
        if (bfloat16 != 0) body(BFloat16{});
        else body(0.0f);
    });
}

score_maps::Window windowOf(const CnnScorePool& pool, int64_t row, int64_t column) {
    if (pool.kind == CNN_SCORE_ADAPTIVE) {
        const int64_t top = row * pool.height / pool.out_height, bottom = ((row + 1) * pool.height + pool.out_height - 1) / pool.out_height;
        const int64_t left = column * pool.width / pool.out_width, right = ((column + 1) * pool.width + pool.out_width - 1) / pool.out_width;
        return {top, bottom, left, right, static_cast<float>((bottom - top) * (right - left))};
    }
    const int64_t top = row * pool.stride[0] - pool.padding[0], left = column * pool.stride[1] - pool.padding[1];
    const int64_t bottom = std::min(top + pool.kernel[0], pool.height + pool.padding[0]), right = std::min(left + pool.kernel[1], pool.width + pool.padding[1]);
    const score_maps::Window inside{std::max<int64_t>(top, 0), std::min(bottom, pool.height), std::max<int64_t>(left, 0), std::min(right, pool.width), 1};
    const int64_t all = (bottom - top) * (right - left), seen = (inside.bottom - inside.top) * (inside.right - inside.left);
    return {inside.top, inside.bottom, inside.left, inside.right, static_cast<float>(pool.kind == CNN_SCORE_MEAN_WITH_BORDER ? all : seen)};
}

}  // namespace

int cnn_score_convolution(const CnnScoreConvolution* shape, int bfloat16, const float* weights, const float* bias, const float* scale, const float* shift,
                          void** convolution) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        std::unique_ptr<score::Convolution> made;
        if (score::suitsDepthwise(*shape) && scale == nullptr) {
            made = score::depthwise<T>(*shape, weights, bias);
        } else if (score::suitsWinograd(*shape, bfloat16 != 0) && scale == nullptr) {
            made = score::winograd<T>(*shape, weights, bias);
        } else {
            const std::vector<float> mean(shape->inputs, 0.0f);
            const int64_t taps = shape->kernel[0] * shape->kernel[1];
            made = score::direct<T>(*shape, {weights, shape->inputs / shape->groups * taps, taps}, bias, scale == nullptr ? NormRelu{} : NormRelu{mean.data(), scale, shift});
        }
        *convolution = made.release();
    });
}

int cnn_score_convolve(const void* convolution, int64_t images, const void* x, int64_t x_pixel, const void* other, int64_t other_pixel, void* y, int64_t y_pixel) {
    return guarded([&] { static_cast<const score::Convolution*>(convolution)->run(images, x, x_pixel, other, other_pixel, y, y_pixel); });
}

void cnn_score_convolution_delete(void* convolution) { delete static_cast<score::Convolution*>(convolution); }

int cnn_score_pool(const CnnScorePool* pool, int bfloat16, int64_t images, const void* x, int64_t x_pixel, const float* scale, const float* shift, void* y,
                   int64_t y_pixel) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        const auto& run = score_maps::kernels(number);
        score::each(0, images * pool->out_height, 1, [&](int64_t begin, int64_t end) {
            for (int64_t line = begin; line < end; line++) {
                const T* image = static_cast<const T*>(x) + line / pool->out_height * pool->height * pool->width * x_pixel;
                for (int64_t column = 0; column < pool->out_width; column++)
                    run.pool(image, pool->width, x_pixel, windowOf(*pool, line % pool->out_height, column), pool->channels, pool->kind == CNN_SCORE_LARGEST, scale, shift,
                             static_cast<T*>(y) + (line * pool->out_width + column) * y_pixel);
            }
        });
    });
}

int cnn_score_affine(int bfloat16, int64_t pixels, int64_t channels, const void* x, int64_t x_pixel, const float* scale, const float* shift, const void* other,
                     int64_t other_pixel, int activation, int wide, void* y, int64_t y_pixel) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        const Finish<T> finish{nullptr, {static_cast<const T*>(other), other_pixel}, {static_cast<T*>(y), y_pixel}, activation, wide != 0};
        score::each(0, pixels, std::max<int64_t>(1, 4096 / channels), [&](int64_t begin, int64_t end) {
            score_maps::kernels(number).affine(static_cast<const T*>(x), x_pixel, begin, end - begin, channels, scale, shift, finish);
        });
    });
}

int cnn_score_multiply(int bfloat16, int64_t images, int64_t pixels, int64_t channels, const void* x, int64_t x_pixel, const void* by, int64_t by_pixel, int same,
                       void* y, int64_t y_pixel) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        score::each(0, images * pixels, std::max<int64_t>(1, 4096 / channels), [&](int64_t begin, int64_t end) {
            while (begin < end) {  // image by image
                const int64_t image = begin / pixels, count = std::min(end, (image + 1) * pixels) - begin;
                score_maps::kernels(number).multiply(static_cast<const T*>(x) + begin * x_pixel, x_pixel, static_cast<const T*>(by) + (same ? image : begin) * by_pixel,
                                                     same ? 0 : by_pixel, count, channels, static_cast<T*>(y) + begin * y_pixel, y_pixel);
                begin += count;
            }
        });
    });
}

int cnn_score_shuffle(int bfloat16, int64_t pixels, int64_t channels, int64_t groups, const void* x, int64_t x_pixel, void* y, int64_t y_pixel) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        const int64_t width = channels / groups;
        score::each(0, pixels, std::max<int64_t>(1, 4096 / channels), [&](int64_t begin, int64_t end) {
            for (int64_t p = begin; p < end; p++) {
                const T* from = static_cast<const T*>(x) + p * x_pixel;
                T* to = static_cast<T*>(y) + p * y_pixel;
                for (int64_t i = 0; i < width; i++)
                    for (int64_t group = 0; group < groups; group++) to[i * groups + group] = from[group * width + i];
            }
        });
    });
}

int cnn_score_input(int bfloat16, int64_t images, int64_t pixels, int64_t channels, const float* planes, const float* mean, const float* factor, void* y,
                    int64_t y_pixel) {
    return inPrecision(bfloat16, [&](auto number) {
        using T = decltype(number);
        constexpr int64_t Part = 1024;
        const int64_t parts = (pixels + Part - 1) / Part;
        score::each(0, images * parts, 1, [&](int64_t begin, int64_t end) {
            for (int64_t part = begin; part < end; part++) {
                const int64_t image = part / parts, first = part % parts * Part;
                score_maps::kernels(number).input(planes + image * channels * pixels, pixels, first, std::min(Part, pixels - first), channels, mean, factor,
                                                  static_cast<T*>(y) + image * pixels * y_pixel, y_pixel);
            }
        });
    });
}

void cnn_score_alone(int alone) { score::isAlone() = alone != 0; }

void* cnn_score_memory(int64_t bytes) { return memory::take(static_cast<size_t>(bytes)); }

void cnn_score_memory_free(void* block) { memory::giveBack(block); }

int64_t cnn_score_cache() {
    int64_t bytes = 0;
#if defined(_SC_LEVEL3_CACHE_SIZE)
    bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
#endif
    return bytes > 0 ? bytes : 16 << 20;
}
