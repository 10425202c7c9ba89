// The memory of tensors. libtorch allocates every activation anew, and glibc takes blocks of that size from the kernel and gives them back:
// each step of training touches the same pages for the first time again, which was half of its time. Here large blocks come from one
// reserved range of addresses, in huge pages, and freed ones are kept: best fit, neighbours joined. Memory that nobody uses goes back to
// the kernel when more than the cap of it has gathered, or when the machine runs short.
// CNN_MEMORY_CACHE_MB is the cap (default: half of the machine's memory).
#include "memory.h"

#include "cnnkernels.h"

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <set>
#include <stdexcept>
#include <string>

#if defined(__linux__)

namespace {

constexpr size_t Smallest = 256 << 10;  // smaller blocks are malloc's, which is good at them
constexpr size_t Page = 4096;
constexpr size_t HugePage = 2 << 20;
constexpr size_t Growth = 64 << 20;     // addresses are made usable in steps of this

size_t roundUp(size_t value, size_t step) {
    return (value + step - 1) / step * step;
}

size_t physicalMemory() {
    return static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// What the kernel thinks it can still give; as good as unlimited where it does not say.
size_t availableMemory() {
    FILE* file = fopen("/proc/meminfo", "r");
    if (file == nullptr) return SIZE_MAX;
    char line[128];
    size_t kilobytes = SIZE_MAX >> 10;
    while (fgets(line, sizeof line, file) != nullptr && sscanf(line, "MemAvailable: %zu", &kilobytes) != 1) {
    }
    fclose(file);
    return kilobytes << 10;
}

class Range {
public:
    Range() : physical_(physicalMemory()), cap_(physical_ / 2) {
        const char* megabytes = getenv("CNN_MEMORY_CACHE_MB");
        if (megabytes != nullptr) cap_ = strtoull(megabytes, nullptr, 10) << 20;
        size_t size = roundUp(8 * physical_, Growth);
        void* address = mmap(nullptr, size + HugePage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (address == MAP_FAILED) return;
        begin_ = usable_ = top_ = reinterpret_cast<char*>(roundUp(reinterpret_cast<size_t>(address), HugePage));
        end_ = begin_ + size;
        madvise(begin_, size, MADV_HUGEPAGE);
    }

    bool isThere() const { return begin_ != nullptr; }
    bool has(const void* p) const { return p >= begin_ && p < end_; }

    // Null where the machine has no more.
    void* take(size_t bytes) {
        const size_t size = roundUp(bytes, Page);
        std::lock_guard<std::mutex> lock(mutex_);
        char* block = fromFree(size);
        if (block == nullptr) block = fromTop(size);
        if (block == nullptr) return nullptr;
        used_[block] = size;
        return block;
    }

    void giveBack(void* p) {
        std::lock_guard<std::mutex> lock(mutex_);
        auto found = used_.find(static_cast<char*>(p));
        char* block = found->first;
        size_t size = found->second;
        used_.erase(found);
        addFree(block, size, true);
        if (dirty_ > cap_) trim();
    }

private:
    struct Free {
        size_t size;
        bool dirty;  // the kernel may have pages in it
    };

    char* fromFree(size_t size) {
        auto fit = bySize_.lower_bound({size, nullptr});
        if (fit == bySize_.end()) return nullptr;
        char* block = fit->second;
        auto found = free_.find(block);
        Free rest = found->second;
        removeFree(found);
        if (rest.size > size) addFree(block + size, rest.size - size, rest.dirty);
        return block;
    }

    char* fromTop(size_t size) {
        // A free block at the very end is the beginning of the new one.
        char* block = top_;
        auto last = free_.empty() ? free_.end() : std::prev(free_.end());
        if (last != free_.end() && last->first + last->second.size == top_) {
            block = last->first;
            if (!reach(block + size)) return nullptr;
            removeFree(last);
        } else if (!reach(block + size)) {
            return nullptr;
        }
        top_ = block + size;
        return block;
    }

    // Makes the addresses up to here usable. Where the machine is short of memory, what nobody uses goes back first.
    bool reach(char* to) {
        if (to <= usable_) return true;
        if (to > end_) return false;
        const size_t more = roundUp(static_cast<size_t>(to - usable_), Growth);
        const size_t step = std::min(more, static_cast<size_t>(end_ - usable_));
        if (dirty_ > 0 && availableMemory() < step + physical_ / 10) trim();
        if (mprotect(usable_, step, PROT_READ | PROT_WRITE) != 0) {
            trim();
            if (mprotect(usable_, step, PROT_READ | PROT_WRITE) != 0) return false;
        }
        usable_ += step;
        return true;
    }

    void addFree(char* block, size_t size, bool dirty) {
        auto next = free_.lower_bound(block);
        if (next != free_.end() && block + size == next->first) {
            size += next->second.size;
            dirty |= next->second.dirty;
            next = removeFree(next);
        }
        if (next != free_.begin()) {
            auto before = std::prev(next);
            if (before->first + before->second.size == block) {
                block = before->first;
                size += before->second.size;
                dirty |= before->second.dirty;
                removeFree(before);
            }
        }
        free_[block] = {size, dirty};
        bySize_.insert({size, block});
        if (dirty) dirty_ += size;
    }

    std::map<char*, Free>::iterator removeFree(std::map<char*, Free>::iterator block) {
        bySize_.erase({block->second.size, block->first});
        if (block->second.dirty) dirty_ -= block->second.size;
        return free_.erase(block);
    }

    void trim() {
        for (auto& [block, free] : free_) {
            if (!free.dirty) continue;
            madvise(block, free.size, MADV_DONTNEED);
            free.dirty = false;
        }
        dirty_ = 0;
    }

    const size_t physical_;
    size_t cap_;
    std::mutex mutex_;
    char *begin_ = nullptr, *end_ = nullptr, *usable_ = nullptr, *top_ = nullptr;
    std::map<char*, Free> free_;                    // by address
    std::set<std::pair<size_t, char*>> bySize_;     // the same, best fit first
    std::map<char*, size_t> used_;
    size_t dirty_ = 0;
};

// Never destroyed: tensors may outlive every static object.
Range& range() {
    static Range& range = *new Range();
    return range;
}

}  // namespace

void* memory::take(size_t bytes) {
    void* block = nullptr;
    if (bytes >= Smallest && range().isThere()) return range().take(bytes);
    return bytes > 0 && posix_memalign(&block, Alignment, bytes) == 0 ? block : nullptr;
}

void memory::giveBack(void* block) {
    if (range().has(block)) range().giveBack(block);
    else free(block);
}

#else

void* memory::take(size_t bytes) { return bytes == 0 ? nullptr : ::operator new(bytes, std::align_val_t(Alignment), std::nothrow); }

void memory::giveBack(void* block) { ::operator delete(block, std::align_val_t(Alignment)); }

#endif

void throwNoMemory() { throw std::bad_alloc(); }

// libtorch's own declarations, as far as they are part of its binary interface: of its version 2.10, which is checked before anything is
// installed (torch.h).
namespace c10 {

struct Device {
    int8_t type = 0, index = -1;
};

struct DataPtr {
    void* data;
    std::unique_ptr<void, void (*)(void*)> context;
    Device device;
};

struct Allocator {
    virtual ~Allocator() = default;
    virtual DataPtr allocate(size_t bytes) = 0;
    virtual bool is_simple_data_ptr(const DataPtr& pointer) const = 0;
    virtual void (*raw_deleter() const)(void*) = 0;
    virtual void copy_data(void* to, const void* from, size_t bytes) const = 0;
};

}  // namespace c10

namespace {

struct OurAllocator final : c10::Allocator {
    c10::DataPtr allocate(size_t bytes) override {
        void* block = memory::take(bytes);
        if (block == nullptr && bytes > 0) throw std::runtime_error("there is no memory for a tensor of " + std::to_string(bytes) + " bytes");
        return {block, {block, memory::giveBack}, {}};
    }
    bool is_simple_data_ptr(const c10::DataPtr& pointer) const override { return pointer.data == pointer.context.get(); }
    void (*raw_deleter() const)(void*) override { return memory::giveBack; }
    void copy_data(void* to, const void* from, size_t bytes) const override { __builtin_memcpy(to, from, bytes); }
};

}  // namespace

void cnn_memory_install(void (*setAllocator)(void*, uint8_t)) {
    static OurAllocator allocator;
    setAllocator(static_cast<c10::Allocator*>(&allocator), 1);
}
