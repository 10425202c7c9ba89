// Errors that do not cross the C interface.
#pragma once
#include <exception>
#include <string>

void setError(const std::string& text);

// Runs body; an exception becomes the error text and 0.
template <class Body>
int guarded(const Body& body) noexcept {
    try {
        body();
        return 1;
    } catch (const std::exception& error) {
        setError(error.what());
    } catch (...) {
        setError("unknown native exception");
    }
    return 0;
}
