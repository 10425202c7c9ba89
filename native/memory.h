// Large blocks of memory (memory.cpp), and arrays that a function needs for itself.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>

namespace memory {

constexpr size_t Alignment = 64;

// Null where the machine has no more. 0 bytes are null too.
void* take(size_t bytes);
void giveBack(void* block);

}  // namespace memory

// An array without contents, which goes with its owner.
template <class T>
class Scratch {
public:
    // Throws std::bad_alloc.
    explicit Scratch(int64_t count);
    Scratch(int64_t count, T value) : Scratch(count) {
        for (int64_t i = 0; i < count; i++) data_[i] = value;
    }
    Scratch(Scratch&& other) noexcept : data_(std::exchange(other.data_, nullptr)) {}
    Scratch& operator=(Scratch&& other) noexcept {
        std::swap(data_, other.data_);
        return *this;
    }
    ~Scratch() { memory::giveBack(data_); }

    T* data() const { return data_; }

private:
    T* data_;
};

[[noreturn]] void throwNoMemory();

template <class T>
Scratch<T>::Scratch(int64_t count) : data_(static_cast<T*>(memory::take(static_cast<size_t>(count) * sizeof(T)))) {
    if (data_ == nullptr && count > 0) throwNoMemory();
}
