// Loops on libtorch's own threads.
#pragma once
#include "torch.h"

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

// body(begin, end) for parts of the range of at least `grain`. What it throws ends as an exception of the caller's thread.
template <class Body>
void each(int64_t begin, int64_t end, int64_t grain, const Body& body) {
    if (begin >= end) return;
    torch::check(torch::torch_parallel_for(
        begin, end, grain, [](int64_t first, int64_t last, void* context) { (*static_cast<const Body*>(context))(first, last); }, const_cast<Body*>(&body)));
}

}  // namespace parallel
