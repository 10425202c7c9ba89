// Resizing of 4-channel 8-bit images. Nearest and bilinear are written out because ML.NET's rounding is to be met exactly.
#pragma GCC optimize("O3")
#include "images_internal.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <vector>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace {

struct Image {
    const uint8_t* pixels;
    int width, height;
    const uint8_t* row(int y) const { return pixels + size_t(y) * width * 4; }
};

void nearest(const Image& source, uint8_t* target, int width, int height) {
    std::vector<int> columns(width);
    for (int x = 0; x < width; x++) columns[x] = int((2 * int64_t(x) + 1) * source.width / (2 * int64_t(width)));
    for (int y = 0; y < height; y++) {
        const uint8_t* row = source.row(int((2 * int64_t(y) + 1) * source.height / (2 * int64_t(height))));
        for (int x = 0; x < width; x++, target += 4) memcpy(target, row + 4 * size_t(columns[x]), 4);
    }
}

// Where a target position falls between two source positions; second's weight of 2048.
struct Between {
    int first, second, weight;
};

Between between(int position, int start, int length, int sourceLength) {
    double at = std::clamp((position - start + 0.5) * sourceLength / length - 0.5, 0.0, sourceLength - 1.0);
    int first = int(at);
    return {first, std::min(first + 1, sourceLength - 1), int(std::lround((at - first) * 2048))};
}

// A pixel's four channels at once: (2048 - weight) * first + weight * second.
inline void blendPixel(const uint8_t* a, const uint8_t* b, int weight, int* target) {
#if defined(__SSE2__)
    int first, second;
    memcpy(&first, a, 4);
    memcpy(&second, b, 4);
    const __m128i pairs = _mm_unpacklo_epi8(_mm_cvtsi32_si128(first), _mm_cvtsi32_si128(second));
    const __m128i weights = _mm_set1_epi32(weight << 16 | (2048 - weight));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(target), _mm_madd_epi16(_mm_unpacklo_epi8(pairs, _mm_setzero_si128()), weights));
#else
    for (int c = 0; c < 4; c++) target[c] = a[c] * 2048 + (b[c] - a[c]) * weight;
#endif
}

void blendAcross(const uint8_t* row, const std::vector<Between>& columns, int* target) {
    for (const Between& column : columns) {
        blendPixel(row + 4 * size_t(column.first), row + 4 * size_t(column.second), column.weight, target);
        target += 4;
    }
}

// Compiled for wider registers too, chosen when the library is loaded: SSE2 alone cannot multiply 32-bit numbers.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx2", "default")))
#endif
void blendDown(const int* upper, const int* lower, int weight, uint8_t* target, size_t count) {
    const int other = 2048 - weight;
    for (size_t i = 0; i < count; i++) target[i] = uint8_t((upper[i] * other + lower[i] * weight + (1 << 21)) >> 22);
}

void draw(const Image& source, uint8_t* target, int width, int height, int x, int y, int w, int h) {
    memset(target, 0, size_t(width) * height * 4);
    if (w <= 0 || h <= 0) return;
    const int left = std::max(x, 0), right = int(std::min<int64_t>(width, int64_t(x) + w));
    const int top = std::max(y, 0), bottom = int(std::min<int64_t>(height, int64_t(y) + h));
    if (left >= right || top >= bottom) return;
    std::vector<Between> columns(right - left);
    for (int i = left; i < right; i++) columns[i - left] = between(i, x, w, source.width);
    const size_t count = columns.size() * 4;
    std::vector<int> upper(count), lower(count);
    int upperRow = -1, lowerRow = -1;  // source rows that the two buffers hold
    for (int i = top; i < bottom; i++) {
        const Between row = between(i, y, h, source.height);
        if (row.first == lowerRow) std::swap(upper, lower), std::swap(upperRow, lowerRow);
        if (row.first != upperRow) blendAcross(source.row(upperRow = row.first), columns, upper.data());
        if (row.second != lowerRow) blendAcross(source.row(lowerRow = row.second), columns, lower.data());
        blendDown(upper.data(), lower.data(), row.weight, target + (size_t(i) * width + left) * 4, count);
    }
}

// One line of a triangle filter: source positions from first on, their weights summing to 1.
struct Taps {
    int first;
    std::vector<float> weights;
};

std::vector<Taps> triangle(int sourceLength, int length) {
    const double scale = double(sourceLength) / length, reach = std::max(scale, 1.0);
    std::vector<Taps> lines(length);
    for (int i = 0; i < length; i++) {
        const double center = (i + 0.5) * scale;
        const int first = std::max(0, int(center - reach + 0.5)), last = std::min(sourceLength, int(center + reach + 0.5));
        double sum = 0;
        std::vector<double> weights;
        for (int s = first; s < last; s++) {
            weights.push_back(std::max(0.0, 1 - std::abs((s + 0.5 - center) / reach)));
            sum += weights.back();
        }
        lines[i].first = first;
        for (double weight : weights) lines[i].weights.push_back(float(weight / sum));
    }
    return lines;
}

void antialiased(const Image& source, uint8_t* target, int width, int height) {
    const std::vector<Taps> columns = triangle(source.width, width), rows = triangle(source.height, height);
    std::vector<float> across(size_t(source.height) * width * 4);  // narrowed, not yet lowered
    float* cell = across.data();
    for (int y = 0; y < source.height; y++)
        for (const Taps& taps : columns) {
            const uint8_t* p = source.row(y) + 4 * size_t(taps.first);
            float sum[4] = {0, 0, 0, 0};
            for (float weight : taps.weights) {
                for (int c = 0; c < 4; c++) sum[c] += weight * float(p[c]);
                p += 4;
            }
            // Rounded in between as well, as Pillow does.
            for (int c = 0; c < 4; c++) cell[c] = float(int(sum[c] + 0.5f));
            cell += 4;
        }
    const size_t stride = size_t(width) * 4;
    std::vector<float> sums(stride);
    for (int y = 0; y < height; y++) {
        std::fill(sums.begin(), sums.end(), 0.5f);
        for (size_t t = 0; t < rows[y].weights.size(); t++) {
            const float* line = across.data() + (rows[y].first + t) * stride;
            const float weight = rows[y].weights[t];
            for (size_t i = 0; i < stride; i++) sums[i] += weight * line[i];
        }
        for (size_t i = 0; i < stride; i++) *target++ = uint8_t(std::min(255, int(sums[i])));
    }
}

void area(const Image& source, uint8_t* target, int width, int height) {
    cv::setNumThreads(0);
    cv::Mat from(source.height, source.width, CV_8UC4, const_cast<uint8_t*>(source.pixels)), to(height, width, CV_8UC4, target);
    bool reduces = width <= source.width && height <= source.height;
    cv::resize(from, to, to.size(), 0, 0, reduces ? cv::INTER_AREA : cv::INTER_LINEAR);
}

void checkSizes(int sourceWidth, int sourceHeight, int width, int height) {
    if (sourceWidth <= 0 || sourceHeight <= 0 || width <= 0 || height <= 0) throw std::runtime_error("an image needs at least one pixel");
}

}  // namespace

int cnntorch_image_resize(const uint8_t* source, int32_t source_width, int32_t source_height,
                          uint8_t* target, int32_t width, int32_t height, int32_t kind) {
    return images::guarded([&] {
        checkSizes(source_width, source_height, width, height);
        const Image image{source, source_width, source_height};
        switch (kind) {
            case CNN_RESIZE_NEAREST: return nearest(image, target, width, height);
            case CNN_RESIZE_BILINEAR: return draw(image, target, width, height, 0, 0, width, height);
            case CNN_RESIZE_AREA: return area(image, target, width, height);
            case CNN_RESIZE_ANTIALIASED: return antialiased(image, target, width, height);
            default: throw std::runtime_error("unknown kind of resizing");
        }
    });
}

int cnntorch_image_draw(const uint8_t* source, int32_t source_width, int32_t source_height,
                        uint8_t* target, int32_t width, int32_t height, int32_t x, int32_t y, int32_t w, int32_t h) {
    return images::guarded([&] {
        checkSizes(source_width, source_height, width, height);
        draw({source, source_width, source_height}, target, width, height, x, y, w, h);
    });
}
