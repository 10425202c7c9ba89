// Image headers: format, size, orientation, and whether the file reaches to its own end. No library asked, nothing allocated.
#include "images_internal.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace {

// Bounded reading; past the end is "truncated".
class Bytes {
public:
    Bytes(const uint8_t* data, size_t size, const char* what, bool big) : data(data), length(size), what(what), big(big) {}

    size_t size() const { return length; }
    const uint8_t* at(size_t offset, size_t count) const {
        if (offset > length || count > length - offset) throw std::runtime_error(std::string("truncated ") + what + " image");
        return data + offset;
    }
    uint32_t u8(size_t offset) const { return *at(offset, 1); }
    uint32_t u16(size_t offset) const {
        const uint8_t* p = at(offset, 2);
        return big ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
    }
    uint32_t u32(size_t offset) const {
        return big ? u16(offset) << 16 | u16(offset + 2) : u16(offset + 2) << 16 | u16(offset);
    }
    bool has(size_t offset, const char* text, size_t count) const {
        return offset <= length && count <= length - offset && memcmp(data + offset, text, count) == 0;
    }
    [[noreturn]] void corrupt() const { throw std::runtime_error(std::string("corrupt ") + what + " image"); }

private:
    const uint8_t* data;
    size_t length;
    const char* what;
    bool big;
};

// The EXIF block of a JPEG file is a small TIFF file.
int orientationOf(const uint8_t* exif, size_t size) {
    if (size < 14) return 1;
    Bytes tiff(exif, size, "EXIF", exif[0] == 'M');
    size_t directory = tiff.u32(4);
    uint32_t entries = tiff.u16(directory);
    for (uint32_t i = 0; i < entries; i++) {
        size_t entry = directory + 2 + 12 * size_t(i);
        if (tiff.u16(entry) != 0x0112) continue;
        uint32_t value = tiff.u16(entry + 8);
        return value >= 1 && value <= 8 ? int(value) : 1;
    }
    return 1;
}

void readJpeg(const uint8_t* data, size_t size, CnnImageInfo& info) {
    Bytes file(data, size, "JPEG", true);
    size_t position = 2;
    while (true) {
        while (file.u8(position) != 0xFF) position++;  // bytes between segments: decoders skip them
        while (file.u8(position) == 0xFF) position++;
        uint32_t marker = file.u8(position++);
        if (marker == 0xD9 || marker == 0xDA) file.corrupt();  // the end, or pixels, before any size
        if (marker <= 0x01 || (marker >= 0xD0 && marker <= 0xD8)) continue;
        uint32_t length = file.u16(position);
        if (length < 2) file.corrupt();
        if (marker == 0xE1 && length >= 8 && file.has(position + 2, "Exif\0\0", 6)) {
            try {
                info.orientation = orientationOf(file.at(position + 8, length - 8), length - 8);
            } catch (const std::exception&) {
                info.orientation = 1;  // a broken EXIF block does not make the pixels unreadable
            }
        }
        bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) {
            info.height = int32_t(file.u16(position + 3));
            info.width = int32_t(file.u16(position + 5));
            return;
        }
        position += length;
    }
}

void readPng(const uint8_t* data, size_t size, CnnImageInfo& info) {
    Bytes file(data, size, "PNG", true);
    if (!file.has(12, "IHDR", 4)) file.at(12, 4), file.corrupt();
    uint32_t width = file.u32(16), height = file.u32(20);
    if (width > 0x7FFFFFFF || height > 0x7FFFFFFF) file.corrupt();
    info.width = int32_t(width);
    info.height = int32_t(height);
    for (size_t chunk = 8;;) {
        size_t length = file.u32(chunk);
        file.at(chunk, 12 + length);
        if (file.has(chunk + 4, "IEND", 4)) return;
        chunk += 12 + length;
    }
}

void readBmp(const uint8_t* data, size_t size, CnnImageInfo& info) {
    Bytes file(data, size, "BMP", false);
    uint32_t pixels = file.u32(10), header = file.u32(14);
    if (header == 12) {
        info.width = int32_t(file.u16(18));
        info.height = int32_t(file.u16(20));
        return;
    }
    info.width = int32_t(file.u32(18));
    int32_t height = int32_t(file.u32(22));
    if (info.width <= 0 || height == 0 || height == INT32_MIN) file.corrupt();
    info.height = std::abs(height);
    uint32_t bits = file.u16(28), compression = file.u32(30);
    bool plain = compression == 0 || compression == 3 || compression == 6;
    if (plain) file.at(pixels, (size_t(info.width) * bits + 31) / 32 * 4 * size_t(info.height));
}

void readWebp(const uint8_t* data, size_t size, CnnImageInfo& info) {
    Bytes file(data, size, "WebP", false);
    file.at(8, file.u32(4));
    auto u24 = [&](size_t offset) { return file.u16(offset) | file.u8(offset + 2) << 16; };
    if (file.has(12, "VP8 ", 4)) {
        info.width = int32_t(file.u16(26) & 0x3FFF);
        info.height = int32_t(file.u16(28) & 0x3FFF);
    } else if (file.has(12, "VP8L", 4)) {
        uint32_t sizes = file.u32(21);
        info.width = int32_t((sizes & 0x3FFF) + 1);
        info.height = int32_t((sizes >> 14 & 0x3FFF) + 1);
    } else if (file.has(12, "VP8X", 4)) {
        info.width = int32_t(u24(24) + 1);
        info.height = int32_t(u24(27) + 1);
    } else {
        file.corrupt();
    }
}

void readTiff(const uint8_t* data, size_t size, CnnImageInfo& info) {
    Bytes file(data, size, "TIFF", data[0] == 'M');
    size_t directory = file.u32(4);
    uint32_t entries = file.u16(directory);
    size_t offsets = 0, lengths = 0;  // of the entries that place the pixels
    auto value = [&](size_t entry, uint32_t index) {
        uint32_t type = file.u16(entry + 2), count = file.u32(entry + 4);
        size_t width = type == 3 ? 2 : 4;
        size_t place = count * width <= 4 ? entry + 8 : file.u32(entry + 8);
        return width == 2 ? file.u16(place + 2 * size_t(index)) : file.u32(place + 4 * size_t(index));
    };
    for (uint32_t i = 0; i < entries; i++) {
        size_t entry = directory + 2 + 12 * size_t(i);
        uint32_t tag = file.u16(entry);
        if (tag == 256) info.width = int32_t(value(entry, 0));
        if (tag == 257) info.height = int32_t(value(entry, 0));
        if (tag == 273 || tag == 324) offsets = entry;
        if (tag == 279 || tag == 325) lengths = entry;
    }
    if (offsets == 0 || lengths == 0) return;
    uint32_t count = std::min(file.u32(offsets + 4), file.u32(lengths + 4));
    for (uint32_t i = 0; i < count; i++) file.at(value(offsets, i), value(lengths, i));
}

}  // namespace

CnnImageInfo images::readInfo(const uint8_t* data, size_t size) {
    CnnImageInfo info{CNN_IMAGE_UNKNOWN, 0, 0, 1};
    Bytes file(data, size, "", false);
    if (file.has(0, "\xFF\xD8\xFF", 3)) {
        info.format = CNN_IMAGE_JPEG;
        readJpeg(data, size, info);
    } else if (file.has(0, "\x89PNG\r\n\x1A\n", 8)) {
        info.format = CNN_IMAGE_PNG;
        readPng(data, size, info);
    } else if (file.has(0, "BM", 2) && (size < 18 || file.u32(14) == 12 || (file.u32(14) >= 40 && file.u32(14) <= 124))) {
        info.format = CNN_IMAGE_BMP;
        readBmp(data, size, info);
    } else if (file.has(0, "RIFF", 4) && file.has(8, "WEBP", 4)) {
        info.format = CNN_IMAGE_WEBP;
        readWebp(data, size, info);
    } else if (file.has(0, "II*\0", 4) || file.has(0, "MM\0*", 4)) {
        info.format = CNN_IMAGE_TIFF;
        readTiff(data, size, info);
    } else {
        return info;
    }
    if (info.width <= 0 || info.height <= 0) throw std::runtime_error("the image has no pixels");
    if (int64_t(info.width) * info.height > images::MaxPixels)
        throw std::runtime_error("the image has " + std::to_string(info.width) + " x " + std::to_string(info.height) +
                                 " pixels, more than " + std::to_string(images::MaxPixels) + " in all");
    return info;
}
