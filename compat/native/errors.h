// How the parts of the library report an error: a text per thread, read through cnntorch_last_error.
#pragma once
#include <string>

void cnntorch_set_error(const std::string& text);
