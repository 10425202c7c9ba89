#include "tensors.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <string>
#include <vector>

// ---------------------------------------------------------------- errors
namespace {

thread_local std::string lastError;
thread_local std::vector<c10::IValue> pending;

at::Tensor tensorOrUndefined(const CnnTensor* handle) {
    return handle == nullptr ? at::Tensor() : tensorOf(handle);
}

at::Generator& generatorOf(const CnnGenerator* handle) {
    return *const_cast<at::Generator*>(reinterpret_cast<const at::Generator*>(handle));
}

CnnGenerator* newGenerator(at::Generator generator) {
    return reinterpret_cast<CnnGenerator*>(new at::Generator(std::move(generator)));
}

std::vector<at::Tensor> tensorsOf(CnnTensor* const* handles, int count) {
    std::vector<at::Tensor> tensors;
    tensors.reserve(count);
    for (int i = 0; i < count; i++) tensors.push_back(tensorOrUndefined(handles[i]));
    return tensors;
}

// ---------------------------------------------------------------- CnnValue -> IValue, as the schema asks

bool isOptional(const c10::Type& type) {
    return type.kind() == c10::TypeKind::OptionalType;
}

c10::TypePtr withoutOptional(c10::TypePtr type) {
    return isOptional(*type) ? type->expectRef<c10::OptionalType>().getElementType() : type;
}

c10::IValue tensorList(const CnnValue& value, const c10::TypePtr& element) {
    auto handles = static_cast<CnnTensor* const*>(value.p);
    if (!isOptional(*element)) {
        c10::List<at::Tensor> list;
        list.reserve(value.count);
        for (int64_t i = 0; i < value.count; i++) list.push_back(tensorOf(handles[i]));
        return list;
    }
    c10::impl::GenericList list(element);
    for (int64_t i = 0; i < value.count; i++) list.push_back(handles[i] ? c10::IValue(tensorOf(handles[i])) : c10::IValue());
    return list;
}

c10::IValue intList(const CnnValue& value, const c10::TypePtr& element) {
    auto items = static_cast<const int64_t*>(value.p);
    if (element->kind() == c10::TypeKind::FloatType) {
        c10::List<double> list;
        for (int64_t i = 0; i < value.count; i++) list.push_back(static_cast<double>(items[i]));
        return list;
    }
    c10::List<int64_t> list;
    list.reserve(value.count);
    for (int64_t i = 0; i < value.count; i++) list.push_back(items[i]);
    return list;
}

c10::IValue doubleList(const CnnValue& value) {
    auto items = static_cast<const double*>(value.p);
    c10::List<double> list;
    for (int64_t i = 0; i < value.count; i++) list.push_back(items[i]);
    return list;
}

c10::IValue boolList(const CnnValue& value) {
    auto items = static_cast<const uint8_t*>(value.p);
    c10::List<bool> list;
    for (int64_t i = 0; i < value.count; i++) list.push_back(items[i] != 0);
    return list;
}

// One number where the schema has int[n]: n times the number, as in Python.
c10::IValue repeated(int64_t value, const c10::Argument& argument) {
    c10::List<int64_t> list;
    int64_t times = argument.N() ? *argument.N() : 1;
    for (int64_t i = 0; i < times; i++) list.push_back(value);
    return list;
}

c10::IValue number(const CnnValue& value, const c10::Argument& argument) {
    c10::TypePtr type = withoutOptional(argument.type());
    switch (type->kind()) {
        case c10::TypeKind::FloatType:
            return value.kind == CNN_DOUBLE ? value.d : static_cast<double>(value.i);
        case c10::TypeKind::BoolType:
            TORCH_CHECK(value.kind != CNN_DOUBLE, "argument '", argument.name(), "' must be a bool, not a floating point number");
            return value.i != 0;
        case c10::TypeKind::ListType:
            if (value.kind == CNN_INT) return repeated(value.i, argument);
            break;
        case c10::TypeKind::NumberType:
            if (value.kind == CNN_BOOL) return value.i != 0;
            break;
        default:
            break;
    }
    return value.kind == CNN_DOUBLE ? c10::IValue(value.d) : c10::IValue(value.i);
}

c10::TypePtr elementOf(const c10::Argument& argument) {
    c10::TypePtr type = withoutOptional(argument.type());
    TORCH_CHECK(type->kind() == c10::TypeKind::ListType, "argument '", argument.name(), "' is not a list but ", type->str());
    return type->expectRef<c10::ListType>().getElementType();
}

c10::IValue defaultOf(const c10::Argument& argument) {
    TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' is missing and has no default");
    return *argument.default_value();
}

c10::IValue toIValue(const CnnValue& value, const c10::Argument& argument) {
    switch (value.kind) {
        case CNN_NONE:
            return {};
        case CNN_DEFAULT:
            return defaultOf(argument);
        case CNN_TENSOR:
            return value.p == nullptr ? c10::IValue() : c10::IValue(tensorOf(static_cast<const CnnTensor*>(value.p)));
        case CNN_INT:
        case CNN_DOUBLE:
        case CNN_BOOL:
            return number(value, argument);
        case CNN_INT_LIST:
            return intList(value, elementOf(argument));
        case CNN_DOUBLE_LIST:
            return doubleList(value);
        case CNN_BOOL_LIST:
            return boolList(value);
        case CNN_TENSOR_LIST:
            return tensorList(value, elementOf(argument));
        case CNN_STRING:
            return std::string(static_cast<const char*>(value.p), value.count);
        case CNN_DEVICE:
            return c10::Device(static_cast<c10::DeviceType>(value.i), static_cast<c10::DeviceIndex>(value.count));
        case CNN_GENERATOR:
            return generatorOf(static_cast<const CnnGenerator*>(value.p));
        default:
            TORCH_CHECK(false, "argument '", argument.name(), "' has the unknown kind ", value.kind);
    }
}

// ---------------------------------------------------------------- IValue -> CnnValue

CnnValue toCnnValue(const c10::IValue& value) {
    CnnValue result{};
    if (value.isTensor()) {
        result.p = newTensor(value.toTensor());
        result.kind = result.p == nullptr ? CNN_NONE : CNN_TENSOR;
    } else if (value.isBool()) {
        result.kind = CNN_BOOL;
        result.i = value.toBool();
    } else if (value.isInt()) {
        result.kind = CNN_INT;
        result.i = value.toInt();
    } else if (value.isDouble()) {
        result.kind = CNN_DOUBLE;
        result.d = value.toDouble();
    } else {
        TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " is not supported");
    }
    return result;
}

// Lists become their elements, in place.
void flatten(std::vector<c10::IValue>& values) {
    std::vector<c10::IValue> flat;
    for (c10::IValue& value : values) {
        if (!value.isList())
            flat.push_back(std::move(value));
        else
            for (const c10::IValue& item : value.toListRef()) flat.push_back(item);
    }
    values = std::move(flat);
}

bool hasList(const std::vector<c10::IValue>& values) {
    for (const c10::IValue& value : values)
        if (value.isList()) return true;
    return false;
}

std::vector<c10::IValue> stackOf(const c10::OperatorHandle& op, const CnnValue* args, int nargs) {
    const std::vector<c10::Argument>& arguments = op.schema().arguments();
    TORCH_CHECK(nargs <= static_cast<int>(arguments.size()), op.schema().name(), " takes ", arguments.size(), " arguments, got ", nargs);
    std::vector<c10::IValue> stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); i++)
        stack.push_back(static_cast<int>(i) < nargs ? toIValue(args[i], arguments[i]) : defaultOf(arguments[i]));
    return stack;
}

}  // namespace

// ---------------------------------------------------------------- library

int cnntorch_version(void) {
    return CNNTORCH_VERSION;
}

void cnntorch_set_error(const std::string& text) {
    lastError = text;
}

const char* cnntorch_last_error(void) {
    return lastError.c_str();
}

const char* cnntorch_libtorch_version(void) {
    return TORCH_VERSION;
}

const char* cnntorch_cpu_capability(void) {
    static const std::string capability = [] {
        const std::string key = "CPU capability usage: ";
        std::string config = at::show_config();
        size_t start = config.find(key);
        if (start == std::string::npos) return std::string("unknown");
        start += key.size();
        return config.substr(start, config.find('\n', start) - start);
    }();
    return capability.c_str();
}

int cnntorch_cuda_device_count(void) {
    int count = 0;
    return guarded([&] { count = static_cast<int>(at::getNumGPUs()); }) ? count : 0;
}

// ---------------------------------------------------------------- operators

int cnntorch_op(const char* name, const char* overload, CnnOperator** op) {
    return guarded([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(handle.has_value(), "libtorch ", TORCH_VERSION, " has no operator ", name, *overload ? "." : "", overload);
        *op = reinterpret_cast<CnnOperator*>(new c10::OperatorHandle(*handle));
    });
}

int cnntorch_call(const CnnOperator* op, const CnnValue* args, int nargs, CnnValue* results, int maxResults, int* nresults) {
    return guarded([&] {
        const auto& handle = *reinterpret_cast<const c10::OperatorHandle*>(op);
        std::vector<c10::IValue> stack = stackOf(handle, args, nargs);
        handle.callBoxed(&stack);
        if (hasList(stack)) flatten(stack);
        *nresults = static_cast<int>(stack.size());
        if (*nresults > maxResults) {
            pending = std::move(stack);
            return;
        }
        for (size_t i = 0; i < stack.size(); i++) results[i] = toCnnValue(stack[i]);
    });
}

int cnntorch_take_results(CnnValue* results, int count) {
    return guarded([&] {
        TORCH_CHECK(count == static_cast<int>(pending.size()), "there are ", pending.size(), " results to take, not ", count);
        for (int i = 0; i < count; i++) results[i] = toCnnValue(pending[i]);
        pending.clear();
    });
}

// ---------------------------------------------------------------- tensors

int cnntorch_tensor_from_data(const void* data, const int64_t* sizes, int dimensions, int dtype, CnnTensor** result) {
    return guarded([&] {
        at::Tensor tensor = at::empty(at::IntArrayRef(sizes, dimensions), at::TensorOptions(static_cast<at::ScalarType>(dtype)));
        if (tensor.numel() > 0) memcpy(tensor.data_ptr(), data, tensor.numel() * tensor.element_size());
        *result = newTensor(std::move(tensor));
    });
}

int cnntorch_tensor_from_blob(void* data, const int64_t* sizes, int dimensions, int dtype,
                              void (*release)(void*), void* context, CnnTensor** result) {
    return guarded([&] {
        auto options = at::TensorOptions(static_cast<at::ScalarType>(dtype));
        *result = newTensor(at::from_blob(data, at::IntArrayRef(sizes, dimensions), [=](void*) { release(context); }, options));
    });
}

void cnntorch_tensor_free(CnnTensor* tensor) {
    delete reinterpret_cast<at::Tensor*>(tensor);
}

int cnntorch_tensor_info(const CnnTensor* handle, CnnTensorInfo* info) {
    return guarded([&] {
        const at::Tensor& tensor = tensorOf(handle);
        bool strided = tensor.layout() == at::kStrided;
        bool reachable = strided && tensor.has_storage();
        info->data = reachable ? tensor.data_ptr() : nullptr;
        info->sizes = tensor.sizes().data();
        info->strides = strided ? tensor.strides().data() : nullptr;
        info->dimensions = tensor.dim();
        info->elements = tensor.numel();
        info->element_size = static_cast<int64_t>(tensor.element_size());
        info->storage_offset = reachable ? tensor.storage_offset() : 0;
        info->dtype = static_cast<int>(tensor.scalar_type());
        info->device_type = static_cast<int>(tensor.device().type());
        info->device_index = tensor.device().index();
        info->flags = (tensor.requires_grad() ? CNN_REQUIRES_GRAD : 0) | (tensor.is_leaf() ? CNN_IS_LEAF : 0) |
                      (strided && tensor.is_contiguous() ? CNN_IS_CONTIGUOUS : 0) | (tensor.is_sparse() ? CNN_IS_SPARSE : 0) |
                      (strided && tensor.is_contiguous(at::MemoryFormat::ChannelsLast) ? CNN_IS_CHANNELS_LAST : 0);
    });
}

int cnntorch_tensor_alias(const CnnTensor* tensor, CnnTensor** result) {
    return guarded([&] { *result = newTensor(tensorOf(tensor)); });
}

int cnntorch_tensor_is_same(const CnnTensor* a, const CnnTensor* b) {
    return tensorOf(a).is_same(tensorOf(b));
}

int cnntorch_tensor_set_requires_grad(CnnTensor* tensor, int value) {
    return guarded([&] { tensorOf(tensor).requires_grad_(value != 0); });
}

int cnntorch_tensor_grad(const CnnTensor* tensor, CnnTensor** result) {
    return guarded([&] { *result = newTensor(tensorOf(tensor).grad()); });
}

int cnntorch_tensor_set_grad(CnnTensor* tensor, const CnnTensor* grad) {
    return guarded([&] { tensorOf(tensor).mutable_grad() = tensorOrUndefined(grad); });
}

int cnntorch_tensor_set_data(CnnTensor* tensor, const CnnTensor* data) {
    return guarded([&] { tensorOf(tensor).set_data(tensorOf(data)); });
}

// ---------------------------------------------------------------- autograd

int cnntorch_backward(CnnTensor* const* tensors, CnnTensor* const* gradients, int count,
                      int retainGraph, int createGraph, CnnTensor* const* inputs, int ninputs) {
    return guarded([&] {
        torch::autograd::backward(tensorsOf(tensors, count), tensorsOf(gradients, gradients == nullptr ? 0 : count),
                                  retainGraph < 0 ? createGraph != 0 : retainGraph != 0, createGraph != 0, tensorsOf(inputs, ninputs));
    });
}

int cnntorch_grad(CnnTensor* const* outputs, CnnTensor* const* gradients, int count, CnnTensor* const* inputs, int ninputs,
                  int retainGraph, int createGraph, int allowUnused, CnnTensor** results) {
    return guarded([&] {
        auto grads = torch::autograd::grad(tensorsOf(outputs, count), tensorsOf(inputs, ninputs),
                                           tensorsOf(gradients, gradients == nullptr ? 0 : count),
                                           retainGraph < 0 ? createGraph != 0 : retainGraph != 0, createGraph != 0, allowUnused != 0);
        for (int i = 0; i < ninputs; i++) results[i] = newTensor(grads[i]);
    });
}

int cnntorch_grad_mode(void) {
    return at::GradMode::is_enabled();
}

void cnntorch_set_grad_mode(int enabled) {
    at::GradMode::set_enabled(enabled != 0);
}

int cnntorch_inference_mode(void) {
    return c10::InferenceMode::is_enabled();
}

void* cnntorch_inference_mode_enter(int enabled) {
    return new c10::InferenceMode(enabled != 0);
}

void cnntorch_inference_mode_leave(void* guard) {
    delete static_cast<c10::InferenceMode*>(guard);
}

int cnntorch_anomaly_mode(int* checkNaN) {
    *checkNaN = torch::autograd::AnomalyMode::should_check_nan();
    return torch::autograd::AnomalyMode::is_enabled();
}

void cnntorch_set_anomaly_mode(int enabled, int checkNaN) {
    torch::autograd::AnomalyMode::set_enabled(enabled != 0, checkNaN != 0);
}

int cnntorch_autocast(int dtype) {
    return guarded([&] {
        if (dtype >= 0) at::autocast::set_autocast_cpu_dtype(static_cast<at::ScalarType>(dtype));
        at::autocast::set_cpu_enabled(dtype >= 0);
        if (dtype < 0) at::autocast::clear_cache();
    });
}

// ---------------------------------------------------------------- generators

int cnntorch_generator_new(uint64_t seed, CnnGenerator** result) {
    return guarded([&] { *result = newGenerator(at::make_generator<at::CPUGeneratorImpl>(seed)); });
}

int cnntorch_generator_default(CnnGenerator** result) {
    return guarded([&] { *result = newGenerator(at::detail::getDefaultCPUGenerator()); });
}

void cnntorch_generator_free(CnnGenerator* generator) {
    delete reinterpret_cast<at::Generator*>(generator);
}

int cnntorch_generator_seed(CnnGenerator* handle, uint64_t seed) {
    return guarded([&] {
        at::Generator& generator = generatorOf(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_current_seed(seed);
    });
}

int cnntorch_generator_initial_seed(const CnnGenerator* generator, uint64_t* seed) {
    return guarded([&] { *seed = generatorOf(generator).current_seed(); });
}

int cnntorch_generator_state(const CnnGenerator* handle, CnnTensor** result) {
    return guarded([&] {
        at::Generator& generator = generatorOf(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        *result = newTensor(generator.get_state());
    });
}

int cnntorch_generator_set_state(CnnGenerator* handle, const CnnTensor* state) {
    return guarded([&] {
        at::Generator& generator = generatorOf(handle);
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(tensorOf(state));
    });
}

int cnntorch_manual_seed(uint64_t seed) {
    return guarded([&] { at::manual_seed(seed); });
}

// ---------------------------------------------------------------- threads

int cnntorch_threads(void) {
    return at::get_num_threads();
}

int cnntorch_set_threads(int count) {
    return guarded([&] { at::set_num_threads(count); });
}

int cnntorch_interop_threads(void) {
    return at::get_num_interop_threads();
}

int cnntorch_set_interop_threads(int count) {
    return guarded([&] { at::set_num_interop_threads(count); });
}
