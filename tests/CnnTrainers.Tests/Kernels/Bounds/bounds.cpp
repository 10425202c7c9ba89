// The native loops on arrays of exactly the size that they ask for, compiled with AddressSanitizer, which ends the program at the first number that is
// read or written outside one. Small shapes: large arrays come from a range that it does not watch. Each on a thread of its own, without memory
// that others have left.
#include "direct.h"
#include "instructions.h"
#include "linear.h"
#include "score.h"
#include "torch.h"
#include "winograd.h"

#include <cstdio>
#include <thread>
#include <vector>

namespace {

template <class T>
void pointwise(int64_t pixels, int64_t inputs, int64_t outputs) {
    // What is seen may be read 64 bytes further, as cnnkernels.h says.
    std::vector<T> x(pixels * inputs + 64 / sizeof(T)), y(pixels * outputs);
    std::vector<float> weights(outputs * inputs, 0.5f), numbers(inputs + 16, 1.0f);
    for (const NormRelu& before : {NormRelu{}, NormRelu{numbers.data(), numbers.data(), numbers.data()}})
        score::direct<T>(score::pointwise(inputs, outputs), {weights.data(), inputs, 1}, nullptr, before)->run(pixels, x.data(), inputs, nullptr, 0, y.data(), outputs);
    if (inputs % 16 != 0 || outputs % 16 != 0 || !direct::isQuick<T>()) return;
    const int64_t strides[4] = {inputs, 1, 1, 1};
    direct::filterGradient<T, float>(direct::pointwise(pixels, inputs, inputs, outputs), x.data(), y.data(), {weights.data(), strides}, {numbers.data(), numbers.data(), numbers.data()});
}

template <class T>
void convolution(int64_t images, int64_t size, int64_t inputs, int64_t outputs, int64_t kernel, int64_t stride, int64_t padding) {
    const int64_t out = (size + 2 * padding - kernel) / stride + 1, strides[4] = {inputs * kernel * kernel, 1, kernel * inputs, inputs};
    const direct::Shape shape{images, size, size, inputs, inputs, out, out, outputs, {kernel, kernel}, {stride, stride}, {padding, padding}};
    std::vector<T> x(images * size * size * inputs), y(images * out * out * outputs), filter(outputs * inputs * kernel * kernel);
    const direct::Filter<T> gradient{filter.data(), strides};
    const direct::Filter<const T> weights{filter.data(), strides};
    if (!direct::isQuick<T>()) return;
    if (inputs < direct::FewInputs) {
        direct::convolve<T>(shape, x.data(), weights, nullptr, y.data());
        direct::inputGradient<T>(shape, y.data(), weights, x.data());
        if (outputs % 16 == 0) direct::filterGradient<T, T>(shape, x.data(), y.data(), gradient);
    } else if (linear::suits(shape)) {
        linear::convolve<T>(shape, x.data(), weights, nullptr, y.data());
        linear::inputGradient<T>(shape, y.data(), weights, x.data());
        linear::filterGradient<T>(shape, x.data(), y.data(), gradient);
    } else {
        const winograd::Images those{images, size, size};
        const winograd::Filter<const T> tiles{filter.data(), strides[0], 1, strides[2], strides[3]}, turned{filter.data(), strides[0], 1, strides[2], strides[3], true};
        winograd::convolve<T>(those, x.data(), inputs, tiles, outputs, nullptr, y.data());
        winograd::convolve<T>(those, y.data(), outputs, turned, inputs, nullptr, x.data());
        winograd::filterGradient<T>(those, x.data(), inputs, y.data(), outputs, {filter.data(), strides[0], 1, strides[2], strides[3]});
        direct::filterGradient<T, T>(shape, x.data(), y.data(), gradient);
    }
}

template <class Body>
void apart(Body body) {
    std::thread(body).join();
}

template <class T>
void all() {
    for (int64_t pixels : {1, 2, 5, 8, 16, 25, 49, 100})
        for (int64_t inputs : {16, 30, 304, 528})
            for (int64_t outputs : {10, 16, 48, 544}) apart([=] { pointwise<T>(pixels, inputs, outputs); });
    for (int64_t images : {1, 3, 16})
        for (int64_t size : {1, 2}) apart([=] { convolution<T>(images, size, 48, 32, 3, 1, 1); });
    for (int64_t size : {4, 5, 6, 7, 9, 14}) apart([=] { convolution<T>(3, size, 48, 80, 3, 1, 1); });
    for (int64_t inputs : {1, 3, 6, 15})
        for (int64_t kernel : {3, 5, 7})
            for (int64_t stride : {1, 2})
                for (int64_t outputs : {6, 16, 36}) apart([=] { convolution<T>(2, 13, inputs, outputs, kernel, stride, kernel / 2); });
}

}  // namespace

int main() {
    torch::torch_parallel_for = [](int64_t begin, int64_t end, int64_t, void (*body)(int64_t, int64_t, void*), void* context) { return body(begin, end, context), 0; };
    torch::torch_get_thread_idx = [](uint32_t* index) { return *index = 0, 0; };
    torch::torch_get_num_threads = [](uint32_t* count) { return *count = 2, 0; };
    for (int set = instructions::basic; instructions::use(set); set++) {
        all<float>();
        all<BFloat16>();
        std::printf("instruction set %d: nothing outside\n", set);
    }
}
