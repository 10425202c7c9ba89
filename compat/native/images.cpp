// The image part's interface: info, decode, encode, resize. See images.h.
#include "images_internal.h"

#include <cstdlib>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace {

// OpenCV's own threads would fight with the callers', which are parallel already.
void withoutThreads() {
    static const bool done = (cv::setNumThreads(0), true);
    (void)done;
}

cv::Mat view(const uint8_t* pixels, int width, int height) {
    return cv::Mat(height, width, CV_8UC4, const_cast<uint8_t*>(pixels));
}

// As EXIF counts: 2 mirrored, 3 half a turn, 4 upside down, 5 transposed, 6 a quarter clockwise, 7 the other diagonal, 8 a quarter back.
void turn(const cv::Mat& stored, int orientation, cv::Mat& target) {
    switch (orientation) {
        case 2: cv::flip(stored, target, 1); break;
        case 3: cv::flip(stored, target, -1); break;
        case 4: cv::flip(stored, target, 0); break;
        case 5: cv::transpose(stored, target); break;
        case 6: cv::rotate(stored, target, cv::ROTATE_90_CLOCKWISE); break;
        case 7: cv::transpose(stored, target); cv::flip(target, target, -1); break;
        case 8: cv::rotate(stored, target, cv::ROTATE_90_COUNTERCLOCKWISE); break;
        default: stored.copyTo(target); break;
    }
}

void decodeStored(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba) {
    switch (info.format) {
        case CNN_IMAGE_JPEG: images::decodeJpeg(data, size, info, rgba); break;
        case CNN_IMAGE_PNG: images::decodePng(data, size, info, rgba); break;
        case CNN_IMAGE_UNKNOWN: throw std::runtime_error("not a JPEG, PNG, BMP, WebP or TIFF image");
        default: images::decodeWithOpenCV(data, size, info, rgba); break;
    }
}

std::vector<uint8_t> encode(const cv::Mat& pixels, bool bgra, const std::string& extension, int quality) {
    cv::Mat colors;
    std::vector<int> parameters;
    bool hasAlpha = extension == ".png" || extension == ".webp" || extension == ".tif" || extension == ".tiff";
    if (extension == ".jpg" || extension == ".jpeg") parameters = {cv::IMWRITE_JPEG_QUALITY, quality};
    // Over 100 stands for lossless.
    else if (extension == ".webp") parameters = {cv::IMWRITE_WEBP_QUALITY, quality >= 100 ? 101 : quality};
    else if (!hasAlpha && extension != ".bmp") throw std::runtime_error("cannot write images as '" + extension + "'");
    if (hasAlpha) {
        cv::cvtColor(pixels, colors, cv::COLOR_mRGBA2RGBA);  // files store colours that are not multiplied
        if (!bgra) cv::cvtColor(colors, colors, cv::COLOR_RGBA2BGRA);
    } else {
        cv::cvtColor(pixels, colors, bgra ? cv::COLOR_BGRA2BGR : cv::COLOR_RGBA2BGR);
    }
    std::vector<uint8_t> bytes;
    if (!cv::imencode(extension, colors, bytes, parameters)) throw std::runtime_error("the image could not be encoded as '" + extension + "'");
    return bytes;
}

}  // namespace

void images::multiplyByAlpha(uint8_t* rgba, size_t pixels) {
    for (uint8_t* p = rgba; p != rgba + 4 * pixels; p += 4) {
        uint32_t alpha = p[3];
        if (alpha == 255) continue;
        for (int c = 0; c < 3; c++) p[c] = uint8_t((p[c] * alpha + 127) / 255);
    }
}

void images::decodeWithOpenCV(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba) {
    withoutThreads();
    cv::Mat bytes(1, int(size), CV_8UC1, const_cast<uint8_t*>(data));
    cv::Mat stored = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
    if (stored.empty()) throw std::runtime_error("corrupt or truncated image data");
    if (stored.cols != info.width || stored.rows != info.height) throw std::runtime_error("corrupt image data: it states two sizes");
    const bool multiplied = info.format == CNN_IMAGE_TIFF && stored.depth() == CV_8U;  // libtiff has done it
    if (stored.depth() == CV_16U) stored.convertTo(stored, CV_8U, 1 / 257.0);
    if (stored.depth() != CV_8U) throw std::runtime_error("images with samples other than 8 or 16 bit integers are not supported");
    cv::Mat target = view(rgba, info.width, info.height);
    switch (stored.channels()) {
        case 1: cv::cvtColor(stored, target, cv::COLOR_GRAY2RGBA); break;
        case 3: cv::cvtColor(stored, target, cv::COLOR_BGR2RGBA); break;
        case 4:
            cv::cvtColor(stored, target, cv::COLOR_BGRA2RGBA);
            if (!multiplied) multiplyByAlpha(rgba, size_t(info.width) * info.height);
            break;
        default: throw std::runtime_error("images with " + std::to_string(stored.channels()) + " channels are not supported");
    }
}

int cnntorch_image_info(const uint8_t* data, int64_t size, CnnImageInfo* info) {
    return images::guarded([&] { *info = images::readInfo(data, size_t(size)); });
}

int cnntorch_image_decode(const uint8_t* data, int64_t size, int32_t flags, uint8_t* rgba, int32_t width, int32_t height) {
    return images::guarded([&] {
        if (size > INT32_MAX) throw std::runtime_error("files over 2 GiB are not supported");
        CnnImageInfo info = images::readInfo(data, size_t(size));
        bool turned = (flags & CNN_IMAGE_ORIENT) != 0 && info.orientation != 1;
        bool swapped = turned && info.orientation >= 5;
        if (width != (swapped ? info.height : info.width) || height != (swapped ? info.width : info.height))
            throw std::runtime_error("the buffer has another size than the image");
        if (!turned) return decodeStored(data, size_t(size), info, rgba);
        std::vector<uint8_t> stored(size_t(width) * height * 4);
        decodeStored(data, size_t(size), info, stored.data());
        cv::Mat target = view(rgba, width, height);
        turn(view(stored.data(), info.width, info.height), info.orientation, target);
    });
}

int cnntorch_image_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t bgra, const char* extension,
                          int32_t quality, uint8_t** data, int64_t* size) {
    return images::guarded([&] {
        withoutThreads();
        std::vector<uint8_t> bytes = encode(view(pixels, width, height), bgra != 0, extension, quality);
        *data = static_cast<uint8_t*>(malloc(bytes.size()));
        if (*data == nullptr) throw std::bad_alloc();
        memcpy(*data, bytes.data(), bytes.size());
        *size = int64_t(bytes.size());
    });
}

void cnntorch_image_free(uint8_t* data) {
    free(data);
}
