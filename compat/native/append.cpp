// Concatenations along the channels that grow in place, as those of a dense block do: each is the one before and a few channels more. The
// first leaves room behind its channels, the next ones put theirs there, and they share the memory, until it is full or ends. What a
// norm wants to know of a channel is measured when it is put in, once for all the norms that read it.
// A result shares memory with the concatenation that it continues, so neither may be changed in place afterwards. They share a version
// counter too: autograd notices such a change in what it has saved, and no measurement outlives it.
#include "norm.h"
#include "tensors.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>

#include <cstring>
#include <memory>
#include <mutex>

namespace {

// Hangs on the storage of the concatenations that share it.
struct Room {
    Room(const at::Tensor& x, int64_t width)
        : memory(at::empty({x.size(0), x.size(2), x.size(3), width}, x.options())), moments{std::vector<double>(width), std::vector<double>(width)} {}

    static void release(void* room) { delete static_cast<Room*>(room); }

    int64_t width() const { return memory.size(3); }

    // Whether the channels from `used` on were free. They are the caller's then.
    bool claim(int64_t used, int64_t more) {
        std::lock_guard<std::mutex> lock(mutex);
        if (taken != used || used + more > width()) return false;
        taken = used + more;
        return true;
    }

    at::Tensor memory;  // images × height × width × channels
    norm::Moments moments;
    std::mutex mutex;  // of what follows
    int64_t taken = 0;
    // The norm that read them last, whose second output they are. Weak, because the norm holds this room; its first output holds the norm.
    std::weak_ptr<torch::autograd::Node> through;
};

// The room whose first channels x is. Null where it is nothing of that kind, or has been changed in place.
Room* roomOf(const at::Tensor& x) {
    if (!norm::isRows(x) || x.is_inference() || x.storage_offset() != 0) return nullptr;
    const c10::DataPtr& data = x.storage().data_ptr();
    if (data.get_deleter() != &Room::release) return nullptr;
    Room* room = static_cast<Room*>(data.get_context());
    const at::Tensor& memory = room->memory;
    const bool same = x.scalar_type() == memory.scalar_type() && x.size(0) == memory.size(0) && x.size(2) == memory.size(1) && x.size(3) == memory.size(2);
    return same && norm::rowStep(x) == room->width() && x._version() == 0 ? room : nullptr;
}

c10::Storage newStorage(const at::Tensor& x, int64_t width) {
    auto room = std::make_unique<Room>(x, width);
    void* data = room->memory.data_ptr();
    const size_t bytes = room->memory.nbytes();
    c10::DataPtr pointer(data, room.release(), &Room::release, c10::Device(c10::DeviceType::CPU));
    return {c10::Storage::use_byte_size_t(), bytes, std::move(pointer), nullptr, false};
}

// Copies the channels of x, and what is known of them, to those from `first` on, which are claimed.
void put(const at::Tensor& x, Room& room, int64_t first) {
    const size_t size = x.element_size(), bytes = size * x.size(1), step = size * norm::rowStep(x), width = size * room.width();
    const char* from = static_cast<const char*>(x.data_ptr());
    char* to = static_cast<char*>(room.memory.data_ptr()) + size * first;
    auto copy = [&](int64_t row, int64_t end) {
        for (; row < end; row++) std::memcpy(to + row * width, from + row * step, bytes);
    };
    const std::optional<norm::Moments> kept = norm::kept(x);
    if (kept) at::parallel_for(0, x.numel() / x.size(1), 512, copy);
    const norm::Moments moments = kept ? *kept : norm::measure(x, [&](int64_t row, int64_t count) { copy(row, row + count); });
    std::copy(moments.mean.begin(), moments.mean.end(), room.moments.mean.begin() + first);
    std::copy(moments.variance.begin(), moments.variance.end(), room.moments.variance.begin() + first);
}

// The first channels of the storage's room: a tensor of its own, for autograd no view.
at::Tensor firstChannels(const c10::Storage& storage, const at::Tensor& x, int64_t channels, int64_t width) {
    const int64_t height = x.size(2), row = x.size(3) * width;
    return at::empty({0}, x.options()).set_(storage, 0, {x.size(0), channels, height, x.size(3)}, {height * row, 1, row, width});
}

// Rows of bfloat16 are short, and reading them with long gaps between takes longer than copying them now and then to where the gaps are
// shorter: measured on DenseNet-121.
int64_t roomFor(const at::Tensor& x, int64_t channels, int64_t width) {
    return x.element_size() > 2 ? width : std::min(width, channels + channels / 2);
}

at::Tensor append(const at::Tensor& x, const at::Tensor& more, int64_t width) {
    const int64_t channels = x.size(1), added = more.size(1);
    if (Room* room = roomOf(x); room != nullptr && room->claim(channels, added)) {
        put(more, *room, channels);
        at::Tensor result = firstChannels(x.storage(), x, channels + added, room->width());
        torch::autograd::impl::set_version_counter(result, torch::autograd::impl::version_counter(x));
        return result;
    }
    width = roomFor(x, channels + added, width);
    c10::Storage storage = newStorage(x, width);
    Room& room = *static_cast<Room*>(storage.data_ptr().get_context());
    room.claim(0, channels + added);
    put(x, room, 0);
    put(more, room, channels);
    return firstChannels(storage, x, channels + added, width);
}

// x as the norm that reads it gives it on, where there is one: the same numbers, another place in autograd's graph.
at::Tensor throughNorm(const at::Tensor& x) {
    Room* room = roomOf(x);
    if (room == nullptr || !x.requires_grad()) return x;
    std::lock_guard<std::mutex> lock(room->mutex);
    auto node = room->through.lock();
    if (node == nullptr || node->next_edge(0) != torch::autograd::impl::gradient_edge(x)) return x;
    return norm::secondOutput(x, node);
}

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Append : torch::autograd::Function<Append> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& x, const at::Tensor& more, int64_t width) {
        at::AutoDispatchBelowADInplaceOrView guard;
        context->saved_data["channels"] = x.size(1);
        return append(x, more, width);
    }

    static variable_list backward(AutogradContext* context, variable_list incoming) {
        const at::Tensor& gradient = incoming[0];
        const int64_t channels = context->saved_data["channels"].toInt();
        return {gradient.narrow(1, 0, channels), gradient.narrow(1, channels, gradient.size(1) - channels), at::Tensor()};
    }
};

bool suits(const at::Tensor& x, const at::Tensor& more, int64_t width) {
    return at::GradMode::is_enabled() && norm::isRows(x) && norm::isRows(more) && x.scalar_type() == more.scalar_type() && x.size(0) == more.size(0) &&
           x.size(2) == more.size(2) && x.size(3) == more.size(3) && x.size(1) + more.size(1) <= width;
}

}  // namespace

std::optional<norm::Moments> norm::kept(const at::Tensor& x) {
    const Room* room = roomOf(x);
    if (room == nullptr) return std::nullopt;
    auto first = [&](const std::vector<double>& values) { return std::vector<double>(values.begin(), values.begin() + x.size(1)); };
    return Moments{first(room->moments.mean), first(room->moments.variance)};
}

bool norm::isAppended(const at::Tensor& x) {
    return roomOf(x) != nullptr;
}

void norm::goesThrough(const at::Tensor& x, const std::shared_ptr<torch::autograd::Node>& node) {
    Room* room = roomOf(x);
    std::lock_guard<std::mutex> lock(room->mutex);
    room->through = node;
}

int cnntorch_append(const CnnTensor* x, const CnnTensor* more, int64_t room, CnnTensor** result) {
    return guarded([&] {
        *result = nullptr;
        if (suits(tensorOf(x), tensorOf(more), room)) *result = newTensor(Append::apply(throughNorm(tensorOf(x)), tensorOf(more), room));
    });
}
