// The C interface of this library. Tensors are libtorch's handles, which stay their owner's; those that come out belong to the caller.
// No exception crosses it: a function that returns int gives 1 when done, 0 after an error, whose text is cnn_error() of this thread.
#pragma once
#include <stdint.h>

#define CNN_INTERFACE 4

#if defined(_WIN32)
#define CNN_API __declspec(dllexport)
#else
#define CNN_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

CNN_API int cnn_interface(void);      // CNN_INTERFACE
CNN_API const char* cnn_error(void);

// Before anything else: looks libtorch's functions up in torch_cpu, as the system's loader gave it. 0 where its interface is not the one known here.
CNN_API int cnn_load(void* torch_cpu);

// Instruction sets: 0 plain, 1 AVX2, 2 AVX-512, 3 AVX-512 with bfloat16. The best one is used unless another is asked for.
CNN_API int cnn_best_instructions(void);
CNN_API int cnn_use_instructions(int set);

// Convolutions on the CPU, in the whole process, by the loops of this library where they gain. Counts: those computed here, forward and backward.
CNN_API int cnn_convolutions_install(void);
CNN_API void cnn_convolutions_count(int64_t* forward, int64_t* backward);

// The memory of tensors, in the whole process and for good; setAllocator is c10::SetCPUAllocator.
CNN_API void cnn_memory_install(void (*setAllocator)(void*, uint8_t));

// Batch norm in training, on images stored channels-last in float32 or bfloat16; all of the norm's numbers are float32. Statistics: 2 × channels,
// the means and the inverse standard deviations.
typedef struct {
    void *weight, *bias, *mean, *variance;  // tensors; the last two, the averages, may be null, and are brought up to date
    void* batches;                          // how many there have been, of int64, and may be null
    double momentum, epsilon;
} CnnNorm;

// Whether what follows takes x; where `other` is given, also whether it is laid out alike, and where `window` is, whether it can be pooled.
// Windows are {height, width, stride down, across, padding down, across}.
CNN_API int cnn_norm_suits(void* x, const CnnNorm* norm, void* other, const int64_t* window);

// Moments, where they are known, are channels means and channels variances. relu: whether one follows.
CNN_API int cnn_norm(void* x, const CnnNorm* norm, int relu, const double* means, const double* variances, void** y, void** statistics);

// other: a gradient of x from elsewhere, which is added; may be null. dx may be null where it is not wanted.
CNN_API int cnn_norm_backward(void* g, void* other, void* x, void* weight, void* bias, void* statistics, int relu, void** dx, void** dweight, void** dbias);

// relu(norm(x) + other). more: another gradient of y; may be null.
CNN_API int cnn_norm_add_relu(void* x, void* other, const CnnNorm* norm, void** y, void** statistics);
CNN_API int cnn_norm_add_relu_backward(void* g, void* more, void* x, void* y, void* weight, void* statistics, void** dx, void** dother, void** dweight,
                                       void** dbias);

// relu(norm(x)) through a convolution of 1×1 without bias, whose filter, and its gradient, are float32 in either precision. dx and dfilter may be null.
CNN_API int cnn_norm_relu_convolution_suits(void* x, const CnnNorm* norm, void* filter);
CNN_API int cnn_norm_relu_convolution(void* x, const CnnNorm* norm, const double* means, const double* variances, void* filter, void** y, void** statistics);
CNN_API int cnn_norm_relu_convolution_backward(void* g, void* other, void* x, void* weight, void* bias, void* statistics, void* filter, void** dx, void** dweight,
                                               void** dbias, void** dfilter);

// max_pool2d(relu(norm(x))). largest: the inputs that the outputs come from; places: where they lie in their windows.
CNN_API int cnn_norm_relu_pool(void* x, const CnnNorm* norm, const int64_t* window, void** y, void** largest, void** places, void** statistics);
CNN_API int cnn_norm_relu_pool_backward(void* g, void* x, void* largest, void* places, void* weight, void* statistics, const int64_t* window, void** dx,
                                        void** dweight, void** dbias);

// max_pool2d(relu(x)). size: of x.
CNN_API int cnn_relu_pool_suits(void* x, const int64_t* window);
CNN_API int cnn_relu_pool(void* x, const int64_t* window, void** y, void** places);
CNN_API int cnn_relu_pool_backward(void* g, void* places, const int64_t* size, const int64_t* window, void** dx);

// cat([x, more], 1) as the first channels of images of `width` channels. continued: x is such a result, and the channels behind it are free:
// only `more` is copied, and the memory is shared. Means and variances, of `width` channels, are filled in for those that the result has;
// known: those of x are there already.
CNN_API int cnn_append_suits(void* x, void* more, int64_t width);
CNN_API int cnn_append(void* x, void* more, int64_t width, int continued, int known, double* means, double* variances, void** result);

// x once more: the same memory, another tensor.
CNN_API int cnn_same(void* x, void** result);

// Optimizer steps in one pass, on dense float32. State is laid out like its parameter; -1 where something is not. momentum: null for none.
// keep: 1 − rate · decay; corrected_rate: rate / (1 − beta1^step); root_factor: 1 / sqrt(1 − beta2^step).
CNN_API int cnn_sgd(void* parameter, void* gradient, void* momentum, double rate, double factor, int nesterov, double decay);
CNN_API int cnn_adamw(void* parameter, void* gradient, void* mean, void* square, double beta1, double beta2, double epsilon, double keep,
                      double corrected_rate, double root_factor);

// ---- Scoring, on plain memory: images stored channels-last in float32 or, where `bfloat16`, in that, with `pixel` numbers from one pixel to the
// next, of which an operation may see or write only some. Up to 64 bytes behind what is seen are read as well.

// A convolution, whose sums go through bias, another number added, and the activation: 0 none, 1 ReLU, 2 ReLU6, 3 hard swish, 4 hard sigmoid,
// 5 sigmoid. wide: the outputs are float32 in either precision.
typedef struct {
    int64_t height, width, inputs, out_height, out_width, outputs;
    int64_t kernel[2], stride[2], padding[2];  // down, across
    int64_t groups;
    int32_t activation, wide;
} CnnScoreConvolution;

// Puts weights, outputs × inputs of a group × height × width, in order, for the instruction set that is in use now. bias may be null; scale and
// shift too: else inputs become relu(scale · x + shift) first.
CNN_API int cnn_score_convolution(const CnnScoreConvolution* shape, int bfloat16, const float* weights, const float* bias, const float* scale, const float* shift,
                                  void** convolution);
CNN_API int cnn_score_convolve(const void* convolution, int64_t images, const void* x, int64_t x_pixel, const void* other, int64_t other_pixel, void* y,
                               int64_t y_pixel);
CNN_API void cnn_score_convolution_delete(void* convolution);

enum { CNN_SCORE_LARGEST, CNN_SCORE_MEAN_WITH_BORDER, CNN_SCORE_MEAN, CNN_SCORE_ADAPTIVE };

typedef struct {
    int64_t height, width, channels, out_height, out_width;
    int64_t kernel[2], stride[2], padding[2];
    int64_t kind;
} CnnScorePool;

// Where scale and shift are given, inputs become relu(scale · x + shift) first.
CNN_API int cnn_score_pool(const CnnScorePool* pool, int bfloat16, int64_t images, const void* x, int64_t x_pixel, const float* scale, const float* shift, void* y,
                           int64_t y_pixel);

// activation(scale · x + shift + other): scale and shift, one for each channel, and other may be null.
CNN_API int cnn_score_affine(int bfloat16, int64_t pixels, int64_t channels, const void* x, int64_t x_pixel, const float* scale, const float* shift, const void* other,
                             int64_t other_pixel, int activation, int wide, void* y, int64_t y_pixel);

// x · by, which has one pixel for each image where it is the `same` for all of them.
CNN_API int cnn_score_multiply(int bfloat16, int64_t images, int64_t pixels, int64_t channels, const void* x, int64_t x_pixel, const void* by, int64_t by_pixel,
                               int same, void* y, int64_t y_pixel);

// Channels a0 a1 … b0 b1 … of two groups become a0 b0 a1 b1 …
CNN_API int cnn_score_shuffle(int bfloat16, int64_t pixels, int64_t channels, int64_t groups, const void* x, int64_t x_pixel, void* y, int64_t y_pixel);

// Whether the calling thread computes what it calls from now on by itself: for callers that have other threads at work on other images.
CNN_API void cnn_score_alone(int alone);

// Memory for the numbers between the steps, which are its owner's; null where there is no more. And the size of the cache that all cores share.
CNN_API void* cnn_score_memory(int64_t bytes);
CNN_API void cnn_score_memory_free(void* block);
CNN_API int64_t cnn_score_cache(void);

// Planes of float32 become such images: (x − mean) · factor for each channel.
CNN_API int cnn_score_input(int bfloat16, int64_t images, int64_t pixels, int64_t channels, const float* planes, const float* mean, const float* factor, void* y,
                            int64_t y_pixel);

#ifdef __cplusplus
}
#endif
