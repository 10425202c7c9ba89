#include "cnnkernels.h"

#include "errors.h"
#include "instructions.h"
#include "torch.h"

static thread_local std::string lastError;

void setError(const std::string& text) { lastError = text; }

int cnn_interface() { return CNN_INTERFACE; }

const char* cnn_error() { return lastError.c_str(); }

int cnn_load(void* torch_cpu) { return torch::load(torch_cpu); }

int cnn_best_instructions() { return instructions::best(); }

int cnn_use_instructions(int set) { return instructions::use(set); }
