#include "torch.h"

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace torch {

#define CNN_DEFINE(result, name, arguments) result(*name) arguments = nullptr;
CNN_TORCH_FUNCTIONS(CNN_DEFINE)
#undef CNN_DEFINE

// .NET's handle of a library is the system's: what dlopen or LoadLibrary gave.
static void* symbol(void* library, const char* name) {
#if defined(_WIN32)
    return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(library), name));
#else
    return dlsym(library, name);
#endif
}

bool load(void* library) {
    bool all = true;
#define CNN_LOOK_UP(result, name, arguments) all &= (name = reinterpret_cast<result(*) arguments>(symbol(library, #name))) != nullptr;
    CNN_TORCH_FUNCTIONS(CNN_LOOK_UP)
#undef CNN_LOOK_UP
    return all && aoti_torch_abi_version() >> 48 == Version >> 48;
}

int64_t Tensor::count() const {
    int64_t product = 1;
    for (int64_t i = 0, n = dimensions(); i < n; i++) product *= size(i);
    return product;
}

static Tensor emptyStrided(const int64_t* sizes, const int64_t* strides, int64_t dimensions, int32_t type) {
    Handle handle;
    check(aoti_torch_empty_strided(dimensions, sizes, strides, type, 0, 0, &handle));
    return Tensor::own(handle);
}

Tensor empty(const int64_t* sizes, int64_t dimensions, int32_t type) {
    int64_t strides[8];
    for (int64_t i = dimensions - 1, step = 1; i >= 0; step *= sizes[i--]) strides[i] = step;
    return emptyStrided(sizes, strides, dimensions, type);
}

Tensor emptyImages(int64_t images, int64_t channels, int64_t height, int64_t width, int32_t type) {
    const int64_t sizes[4] = {images, channels, height, width}, strides[4] = {height * width * channels, 1, width * channels, channels};
    return emptyStrided(sizes, strides, 4, type);
}

Tensor reinterpret(const Tensor& x, const int64_t* sizes, const int64_t* strides, int64_t dimensions) {
    Handle handle;
    check(aoti_torch__reinterpret_tensor(x.handle(), dimensions, sizes, strides, 0, &handle));
    return Tensor::own(handle);
}

void copy(const Tensor& from, const Tensor& to) {
    Handle source, target;
    check(aoti_torch_new_tensor_handle(from.handle(), &source));
    check(aoti_torch_new_tensor_handle(to.handle(), &target));
    Value values[3] = {reinterpret_cast<Value>(target), reinterpret_cast<Value>(source), 0};  // copy_(self, src, non_blocking)
    check(aoti_torch_call_dispatcher("aten::copy_", "", values));
    takeTensor(values[0]);
}

bool isChannelsLast(const Tensor& x) {
    if (x.dimensions() != 4) return false;
    const int64_t *sizes = x.sizes(), *strides = x.strides();
    int64_t step = 1;
    for (int dimension : {1, 3, 2, 0}) {
        if (sizes[dimension] == 1) continue;
        if (strides[dimension] != step) return false;
        step *= sizes[dimension];
    }
    return true;
}

bool suggestsChannelsLast(const Tensor& x) {
    const int64_t *sizes = x.sizes(), *strides = x.strides();
    int64_t least = 0;
    for (int dimension : {1, 3, 2, 0}) {
        if (sizes[dimension] == 0 || strides[dimension] < least || (dimension == 0 && least == strides[1])) return false;
        least = strides[dimension] * sizes[dimension];
    }
    return strides[1] != 0;
}

Tensor takeOptionalTensor(Value value) {
    auto* inner = reinterpret_cast<Value*>(value);
    if (inner == nullptr) return Tensor();
    Tensor tensor = takeTensor(*inner);
    delete inner;
    return tensor;
}

Numbers takeNumbers(Value value) {
    void* list = reinterpret_cast<void*>(value);
    Numbers numbers;
    size_t count;
    check(torch_list_size(list, &count));
    for (size_t i = 0; i < count && i < 8; i++) {
        Value item;
        check(torch_list_get_item(list, i, &item));
        numbers.values[i] = static_cast<int64_t>(item);
    }
    numbers.count = static_cast<int64_t>(count);
    check(torch_delete_list(list));
    return numbers;
}

bool takeOptionalNumbers(Value value, Numbers& numbers) {
    auto* inner = reinterpret_cast<Value*>(value);
    if (inner == nullptr) return false;
    numbers = takeNumbers(*inner);
    delete inner;
    return true;
}

Value give(Tensor&& tensor) {
    Handle handle = tensor.release();
    if (handle == nullptr) check(aoti_torch_new_uninitialized_tensor(&handle));
    return reinterpret_cast<Value>(handle);
}

}  // namespace torch
