// What the parts that work on libtorch's tensors share: handles, and errors that do not cross the C interface.
#pragma once
#include "cnntorch.h"
#include "errors.h"

#include <ATen/ATen.h>

inline at::Tensor& tensorOf(const CnnTensor* handle) {
    TORCH_CHECK(handle != nullptr, "the tensor handle is null");
    return *const_cast<at::Tensor*>(reinterpret_cast<const at::Tensor*>(handle));
}

inline CnnTensor* newTensor(at::Tensor tensor) {
    return tensor.defined() ? reinterpret_cast<CnnTensor*>(new at::Tensor(std::move(tensor))) : nullptr;
}

// Runs body; an exception becomes the error text and 0. c10::Error carries the addresses of the call stack: left out.
template <class Body>
int guarded(Body body) {
    try {
        body();
        return 1;
    } catch (const c10::Error& error) {
        cnntorch_set_error(error.what_without_backtrace());
    } catch (const std::exception& error) {
        cnntorch_set_error(error.what());
    } catch (...) {
        cnntorch_set_error("unknown native exception");
    }
    return 0;
}
