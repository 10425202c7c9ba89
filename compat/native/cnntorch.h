// The C interface of libcnntorch.so: all that compat/TorchSharp needs from libtorch.
// One boxed call (cnntorch_call) reaches every operator of libtorch; the rest is what the dispatcher does not offer:
// tensor handles, autograd, generators, guards, threads.
// No exception crosses it: a function returning int gives 1 when done, 0 after an error, whose text is cnntorch_last_error().
#pragma once
#include <stddef.h>
#include <stdint.h>

#define CNNTORCH_VERSION 1
#define CNNTORCH_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CnnTensor CnnTensor;        // an at::Tensor on the heap
typedef struct CnnGenerator CnnGenerator;  // an at::Generator on the heap
typedef struct CnnOperator CnnOperator;    // a c10::OperatorHandle on the heap, kept for the life of the process

enum CnnKind {
    CNN_NONE = 0,
    CNN_DEFAULT = 1,      // the schema's default
    CNN_TENSOR = 2,       // p: CnnTensor*, null is None
    CNN_INT = 3,          // i; also a dtype, layout or memory format, or a Scalar
    CNN_DOUBLE = 4,       // d
    CNN_BOOL = 5,         // i
    CNN_INT_LIST = 6,     // p: int64_t[count]; also a list of double where the schema has one
    CNN_DOUBLE_LIST = 7,  // p: double[count]
    CNN_BOOL_LIST = 8,    // p: uint8_t[count]
    CNN_TENSOR_LIST = 9,  // p: CnnTensor*[count]; a null is None where the schema is Tensor?[]
    CNN_STRING = 10,      // p: UTF-8, count bytes
    CNN_DEVICE = 11,      // i: type, count: index
    CNN_GENERATOR = 12,   // p: CnnGenerator*
};

typedef struct {
    int64_t kind;
    int64_t count;
    union {
        int64_t i;
        double d;
        const void* p;
    };
} CnnValue;

typedef struct {
    void* data;              // first element; null where there is none to reach
    const int64_t* sizes;    // valid while the tensor is neither freed nor reshaped
    const int64_t* strides;  // null for layouts without strides
    int64_t dimensions, elements, element_size, storage_offset;
    int32_t dtype, device_type, device_index, flags;
} CnnTensorInfo;

enum CnnTensorFlags {
    CNN_REQUIRES_GRAD = 1,
    CNN_IS_LEAF = 2,
    CNN_IS_CONTIGUOUS = 4,
    CNN_IS_SPARSE = 8,
    CNN_IS_CHANNELS_LAST = 16,
};

CNNTORCH_API int cnntorch_version(void);
CNNTORCH_API const char* cnntorch_last_error(void);       // of this thread
CNNTORCH_API const char* cnntorch_libtorch_version(void);
CNNTORCH_API const char* cnntorch_cpu_capability(void);   // "AVX512", "AVX2", ...
CNNTORCH_API int cnntorch_cuda_device_count(void);

// Operators. Results that are lists are flattened; when more come than maxResults, *nresults says how many
// and cnntorch_take_results, called next on this thread, hands them over.
CNNTORCH_API int cnntorch_op(const char* name, const char* overload, CnnOperator** op);
CNNTORCH_API int cnntorch_call(const CnnOperator* op, const CnnValue* args, int nargs, CnnValue* results, int maxResults, int* nresults);
CNNTORCH_API int cnntorch_take_results(CnnValue* results, int count);

// Tensors. Every handle that comes out belongs to the caller.
CNNTORCH_API int cnntorch_tensor_from_data(const void* data, const int64_t* sizes, int dimensions, int dtype, CnnTensor** result);
CNNTORCH_API int cnntorch_tensor_from_blob(void* data, const int64_t* sizes, int dimensions, int dtype,
                                           void (*release)(void*), void* context, CnnTensor** result);
CNNTORCH_API void cnntorch_tensor_free(CnnTensor* tensor);
CNNTORCH_API int cnntorch_tensor_info(const CnnTensor* tensor, CnnTensorInfo* info);
CNNTORCH_API int cnntorch_tensor_alias(const CnnTensor* tensor, CnnTensor** result);  // a second handle of the same tensor
CNNTORCH_API int cnntorch_tensor_is_same(const CnnTensor* a, const CnnTensor* b);
CNNTORCH_API int cnntorch_tensor_set_requires_grad(CnnTensor* tensor, int value);
CNNTORCH_API int cnntorch_tensor_grad(const CnnTensor* tensor, CnnTensor** result);   // null: none
CNNTORCH_API int cnntorch_tensor_set_grad(CnnTensor* tensor, const CnnTensor* grad);
CNNTORCH_API int cnntorch_tensor_set_data(CnnTensor* tensor, const CnnTensor* data);

// Autograd. Null entries of gradients stand for ones; retainGraph < 0 means the same as createGraph.
CNNTORCH_API int cnntorch_backward(CnnTensor* const* tensors, CnnTensor* const* gradients, int count,
                                   int retainGraph, int createGraph, CnnTensor* const* inputs, int ninputs);
CNNTORCH_API int cnntorch_grad(CnnTensor* const* outputs, CnnTensor* const* gradients, int count, CnnTensor* const* inputs, int ninputs,
                               int retainGraph, int createGraph, int allowUnused, CnnTensor** results);
CNNTORCH_API int cnntorch_grad_mode(void);
CNNTORCH_API void cnntorch_set_grad_mode(int enabled);
CNNTORCH_API int cnntorch_inference_mode(void);
CNNTORCH_API void* cnntorch_inference_mode_enter(int enabled);
CNNTORCH_API void cnntorch_inference_mode_leave(void* guard);  // on the thread that entered, last in first out
CNNTORCH_API int cnntorch_anomaly_mode(int* checkNaN);
CNNTORCH_API void cnntorch_set_anomaly_mode(int enabled, int checkNaN);

// Autocast on the CPU, of this thread: the type that convolutions and matrix products are computed in; -1 turns it off.
CNNTORCH_API int cnntorch_autocast(int dtype);

// cat([x, more], 1) of images stored channels-last, as the first of `room` channels. Where x is such a result, and the channels behind it are
// still free, it is continued in place: only `more` is copied, and the memory is shared, so that neither may be changed in place afterwards.
// Null where that cannot be done: another type, layout or device, types or sizes that differ, too little room, or no gradients wanted.
CNNTORCH_API int cnntorch_append(const CnnTensor* x, const CnnTensor* more, int64_t room, CnnTensor** result);

// relu(batch norm(x) + other) in training, in one pass, and the norm's averages brought up to date. Null where that cannot be done: images
// that are not stored channels-last on the CPU, types or sizes that differ, parameters that are not float32.
CNNTORCH_API int cnntorch_norm_add_relu(const CnnTensor* x, const CnnTensor* other, const CnnTensor* weight, const CnnTensor* bias, const CnnTensor* averageMean,
                                        const CnnTensor* averageVariance, double momentum, double epsilon, CnnTensor** result);

// Optimizer steps in one pass, on dense float32. State is laid out like its parameter. momentum: null for none; count: steps so far, this one included.
CNNTORCH_API int cnntorch_sgd(CnnTensor* parameter, const CnnTensor* gradient, CnnTensor* momentum, double rate, double factor, int nesterov, double decay);
CNNTORCH_API int cnntorch_adamw(CnnTensor* parameter, const CnnTensor* gradient, CnnTensor* mean, CnnTensor* square, double rate, double beta1, double beta2,
                                double epsilon, double decay, int64_t count);

// Generators.
CNNTORCH_API int cnntorch_generator_new(uint64_t seed, CnnGenerator** result);
CNNTORCH_API int cnntorch_generator_default(CnnGenerator** result);
CNNTORCH_API void cnntorch_generator_free(CnnGenerator* generator);
CNNTORCH_API int cnntorch_generator_seed(CnnGenerator* generator, uint64_t seed);
CNNTORCH_API int cnntorch_generator_initial_seed(const CnnGenerator* generator, uint64_t* seed);
CNNTORCH_API int cnntorch_generator_state(const CnnGenerator* generator, CnnTensor** result);
CNNTORCH_API int cnntorch_generator_set_state(CnnGenerator* generator, const CnnTensor* state);
CNNTORCH_API int cnntorch_manual_seed(uint64_t seed);  // every default generator

// Memory of tensors of 256 KiB and more, in bytes: in use, the most that ever was, and freed but not given back to the kernel.
CNNTORCH_API void cnntorch_memory(int64_t* in_use, int64_t* peak, int64_t* kept);
CNNTORCH_API void cnntorch_memory_trim(void);  // gives all that is freed back to the kernel

// Threads.
CNNTORCH_API int cnntorch_threads(void);
CNNTORCH_API int cnntorch_set_threads(int count);
CNNTORCH_API int cnntorch_interop_threads(void);
CNNTORCH_API int cnntorch_set_interop_threads(int count);

#ifdef __cplusplus
}
#endif
