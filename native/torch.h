// libtorch through its C interface, whose functions are looked up in the library that the process has loaded: no header of libtorch, no link
// to it. What libtorch refuses is an exception here, and becomes an error text again where it would leave this library.
#pragma once
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace torch {

using Handle = void*;  // of a tensor
using Value = uint64_t;  // an argument or a result of an operator, as kernels get them
using Kernel = void (*)(Value* values, uint64_t arguments, uint64_t results);

// The version of the interface that is known here: 2.10. Another major or minor number is another interface.
constexpr uint64_t Version = 0x020a000000000000;

#define CNN_TORCH_FUNCTIONS(F)                                                                                                                                   \
    F(uint64_t, aoti_torch_abi_version, ())                                                                                                                      \
    F(int32_t, aoti_torch_library_init_impl, (const char*, const char*, const char*, uint32_t, void**))                                                          \
    F(int32_t, aoti_torch_library_impl, (void*, const char*, Kernel))                                                                                            \
    F(int32_t, aoti_torch_new_uninitialized_tensor, (Handle*))                                                                                                   \
    F(int32_t, aoti_torch_delete_tensor_object, (Handle))                                                                                                        \
    F(int32_t, aoti_torch_is_defined, (Handle, bool*))                                                                                                           \
    F(int32_t, aoti_torch_get_data_ptr, (Handle, void**))                                                                                                        \
    F(int32_t, aoti_torch_get_sizes, (Handle, int64_t**))                                                                                                        \
    F(int32_t, aoti_torch_get_strides, (Handle, int64_t**))                                                                                                      \
    F(int32_t, aoti_torch_get_dim, (Handle, int64_t*))                                                                                                           \
    F(int32_t, aoti_torch_get_dtype, (Handle, int32_t*))                                                                                                         \
    F(int32_t, aoti_torch_get_layout, (Handle, int32_t*))                                                                                                        \
    F(int32_t, aoti_torch_get_device_type, (Handle, int32_t*))                                                                                                   \
    F(int32_t, aoti_torch_empty_strided, (int64_t, const int64_t*, const int64_t*, int32_t, int32_t, int32_t, Handle*))                                          \
    F(int32_t, aoti_torch__reinterpret_tensor, (Handle, int64_t, const int64_t*, const int64_t*, int64_t, Handle*))                                              \
    F(int32_t, aoti_torch_call_dispatcher, (const char*, const char*, Value*))                                                                                   \
    F(int32_t, aoti_torch_new_tensor_handle, (Handle, Handle*))                                                                                                  \
    F(int32_t, torch_list_size, (void*, size_t*))                                                                                                                \
    F(int32_t, torch_list_get_item, (void*, size_t, Value*))                                                                                                     \
    F(int32_t, torch_delete_list, (void*))                                                                                                                       \
    F(int32_t, torch_parallel_for, (int64_t, int64_t, int64_t, void (*)(int64_t, int64_t, void*), void*))                                                        \
    F(int32_t, torch_get_thread_idx, (uint32_t*))                                                                                                                \
    F(int32_t, torch_get_num_threads, (uint32_t*))                                                                                                               \
    F(int32_t, aoti_torch_cpu_mkldnn__convolution_pointwise,                                                                                                     \
      (Handle, Handle, Handle*, const int64_t*, int64_t, const int64_t*, int64_t, const int64_t*, int64_t, int64_t, const char*, const double**, int64_t,        \
       const char**, Handle*))                                                                                                                                   \
    F(int32_t, aoti_torch_cpu_convolution_backward,                                                                                                              \
      (Handle, Handle, Handle, const int64_t**, int64_t, const int64_t*, int64_t, const int64_t*, int64_t, const int64_t*, int64_t, int32_t, const int64_t*,     \
       int64_t, int64_t, const int32_t*, int64_t, Handle*, Handle*, Handle*))

#define CNN_DECLARE(result, name, arguments) extern result(*name) arguments;
CNN_TORCH_FUNCTIONS(CNN_DECLARE)
#undef CNN_DECLARE

// Looks everything up in a library that is loaded. False where something is missing or the version is another one.
bool load(void* library);

inline void check(int32_t code) {
    if (code != 0) throw std::runtime_error("libtorch refused; it has said why on standard error");
}

// As in libtorch's ScalarType.
enum Type : int32_t { Byte = 0, Long = 4, Float = 6, BFloat16Type = 15 };

// A tensor, or none.
class Tensor {
public:
    Tensor() = default;

    // Takes a handle over, or looks at one that stays its owner's.
    static Tensor own(Handle handle) { return Tensor(handle, true); }
    static Tensor borrow(Handle handle) { return Tensor(handle, false); }

    Tensor(Tensor&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)), owned_(other.owned_) {}
    Tensor& operator=(Tensor&& other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~Tensor() {
        if (handle_ != nullptr && owned_) aoti_torch_delete_tensor_object(handle_);
    }

    Handle handle() const { return handle_; }
    Handle release() { return std::exchange(handle_, nullptr); }
    bool isThere() const {
        bool defined = false;
        return handle_ != nullptr && aoti_torch_is_defined(handle_, &defined) == 0 && defined;
    }

    int64_t dimensions() const { return get<int64_t>(aoti_torch_get_dim); }
    const int64_t* sizes() const { return get<int64_t*>(aoti_torch_get_sizes); }
    const int64_t* strides() const { return get<int64_t*>(aoti_torch_get_strides); }
    int64_t size(int64_t dimension) const { return sizes()[dimension]; }
    int64_t stride(int64_t dimension) const { return strides()[dimension]; }
    int32_t type() const { return get<int32_t>(aoti_torch_get_dtype); }
    bool isOnCpu() const { return get<int32_t>(aoti_torch_get_device_type) == 0 && get<int32_t>(aoti_torch_get_layout) == 0; }
    int64_t count() const;

    template <class T>
    T* data() const {
        return static_cast<T*>(get<void*>(aoti_torch_get_data_ptr));
    }

private:
    Tensor(Handle handle, bool owned) : handle_(handle), owned_(owned) {}

    template <class T, class Function>
    T get(Function function) const {
        T value;
        check(function(handle_, &value));
        return value;
    }

    Handle handle_ = nullptr;
    bool owned_ = false;
};

// A new tensor, uninitialised: in rows of its last dimension, or images × channels × height × width with the channels last.
Tensor empty(const int64_t* sizes, int64_t dimensions, int32_t type);
Tensor emptyImages(int64_t images, int64_t channels, int64_t height, int64_t width, int32_t type);

// The memory of x as another tensor, from its beginning on.
Tensor reinterpret(const Tensor& x, const int64_t* sizes, const int64_t* strides, int64_t dimensions);

// The numbers of one in another of its size, whatever their types and layouts.
void copy(const Tensor& from, const Tensor& to);

// Whether x is images stored densely with their channels last. Strides of sizes of 1 say nothing.
bool isChannelsLast(const Tensor& x);

// Whether libtorch would take x, of four dimensions, for images stored so: it goes by the strides of sizes of 1 too, by which a single channel
// has its layout.
bool suggestsChannelsLast(const Tensor& x);

inline bool haveEqualSizes(const Tensor& a, const Tensor& b) {
    const int64_t n = a.dimensions();
    if (b.dimensions() != n) return false;
    for (int64_t i = 0; i < n; i++)
        if (a.size(i) != b.size(i)) return false;
    return true;
}

// ---- arguments and results of kernels: what comes in is the kernel's, and what goes out the caller's

inline Tensor takeTensor(Value value) { return Tensor::own(reinterpret_cast<Handle>(value)); }

Tensor takeOptionalTensor(Value value);

// Up to 8 numbers.
struct Numbers {
    int64_t values[8] = {};
    int64_t count = 0;

    // Of the two directions of an image; one number stands for both.
    int64_t at(int64_t direction) const { return values[count == 1 ? 0 : direction]; }
    bool areAll(int64_t value) const {
        for (int64_t i = 0; i < count; i++)
            if (values[i] != value) return false;
        return true;
    }
};

Numbers takeNumbers(Value value);
bool takeOptionalNumbers(Value value, Numbers& numbers);

Value give(Tensor&& tensor);

}  // namespace torch
