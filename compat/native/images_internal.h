// What the files of the image part share.
#pragma once
#include "errors.h"
#include "images.h"

#include <exception>
#include <stdexcept>

namespace images {

// More than any photograph; a header that claims more is taken for an attack on memory.
constexpr int64_t MaxPixels = int64_t(1) << 28;

CnnImageInfo readInfo(const uint8_t* data, size_t size);

void decodeJpeg(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba);
void decodePng(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba);
void decodeWithOpenCV(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba);

void multiplyByAlpha(uint8_t* rgba, size_t pixels);

template <class Body>
int guarded(Body body) {
    try {
        body();
        return 1;
    } catch (const std::exception& error) {
        cnntorch_set_error(error.what());
    } catch (...) {
        cnntorch_set_error("unknown native exception");
    }
    return 0;
}

}  // namespace images
