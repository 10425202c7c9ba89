// Loops on libtorch's own threads.
#pragma once
#include "torch.h"

#include <algorithm>
#include <atomic>

namespace parallel {

inline int64_t threads() {
    uint32_t count = 1;
    torch::torch_get_num_threads(&count);
    return count;
}

inline int64_t thread() {
    uint32_t index = 0;
    torch::torch_get_thread_idx(&index);
    return index;
}

// A range whose parts the threads take one by one: one that falls behind, because its processor has other work too, takes fewer.
template <class Body>
class Parts {
public:
    Parts(int64_t begin, int64_t end, int64_t size, const Body& body) : next(begin), end(end), size(size), body(body) {}

    void take() {
        for (int64_t first; (first = next.fetch_add(size, std::memory_order_relaxed)) < end;) body(first, std::min(end, first + size));
    }

private:
    std::atomic<int64_t> next;
    const int64_t end, size;
    const Body& body;
};

// body(begin, end) for parts of the range of at least `grain`, up to eight for a thread. What it throws ends as an exception of the caller's thread.
template <class Body>
void each(int64_t begin, int64_t end, int64_t grain, const Body& body) {
    if (begin >= end) return;
    const int64_t most = threads(), size = std::max(grain, (end - begin + 8 * most - 1) / (8 * most)), parts = (end - begin + size - 1) / size;
    Parts<Body> work(begin, end, size, body);
    torch::check(torch::torch_parallel_for(
        0, std::min(parts, most), 1, [](int64_t, int64_t, void* context) { static_cast<Parts<Body>*>(context)->take(); }, &work));
}

}  // namespace parallel
