// JPEG by libjpeg(-turbo) itself: half the time of OpenCV's decoder (no second buffer, no pass for the colours), the pixels are the same,
// and it tells when the data ended early.
#include "images_internal.h"

#include <csetjmp>
#include <cstdio>
#include <string>

#include <jpeglib.h>
#include <jerror.h>

namespace {

struct JpegErrors {
    jpeg_error_mgr manager;  // first: libjpeg hands back its address
    jmp_buf escape;
    char text[JMSG_LENGTH_MAX];
    bool endedEarly;
};

void onError(j_common_ptr codec) {
    auto* errors = reinterpret_cast<JpegErrors*>(codec->err);
    errors->manager.format_message(codec, errors->text);
    longjmp(errors->escape, 1);
}

void onMessage(j_common_ptr codec, int level) {
    auto* errors = reinterpret_cast<JpegErrors*>(codec->err);
    if (level < 0 && errors->manager.msg_code == JWRN_JPEG_EOF) errors->endedEarly = true;
}

enum class Outcome { Done, Failed, OtherColors, OtherSize };

// Between setjmp and the end nothing may need a destructor.
Outcome decode(const uint8_t* data, size_t size, uint8_t* rgba, uint32_t width, uint32_t height, JpegErrors& errors) {
    jpeg_decompress_struct codec;
    codec.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = onError;
    errors.manager.emit_message = onMessage;
    if (setjmp(errors.escape) != 0) {
        jpeg_destroy_decompress(&codec);
        return Outcome::Failed;
    }
    jpeg_create_decompress(&codec);
    jpeg_mem_src(&codec, data, static_cast<unsigned long>(size));
    jpeg_read_header(&codec, TRUE);
    Outcome outcome = Outcome::Done;
    if (codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK) outcome = Outcome::OtherColors;
    else if (codec.image_width != width || codec.image_height != height) outcome = Outcome::OtherSize;
    if (outcome == Outcome::Done) {
        codec.out_color_space = JCS_EXT_RGBA;
        jpeg_start_decompress(&codec);
        const size_t stride = size_t(width) * 4;
        while (codec.output_scanline < height) {
            JSAMPROW rows[8];
            uint32_t left = height - codec.output_scanline, count = left < 8 ? left : 8;
            for (uint32_t i = 0; i < count; i++) rows[i] = rgba + (codec.output_scanline + i) * stride;
            jpeg_read_scanlines(&codec, rows, count);
        }
        jpeg_finish_decompress(&codec);
    }
    jpeg_destroy_decompress(&codec);
    return outcome;
}

}  // namespace

void images::decodeJpeg(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba) {
    JpegErrors errors{};
    switch (decode(data, size, rgba, uint32_t(info.width), uint32_t(info.height), errors)) {
        case Outcome::OtherColors:  // four inks: libjpeg does not turn them into RGB
            decodeWithOpenCV(data, size, info, rgba);
            return;
        case Outcome::OtherSize:
            throw std::runtime_error("corrupt JPEG image: it states two sizes");
        case Outcome::Failed:
            if (!errors.endedEarly) throw std::runtime_error(std::string("corrupt JPEG image: ") + errors.text);
            break;
        case Outcome::Done:
            break;
    }
    if (errors.endedEarly) throw std::runtime_error("truncated JPEG image");
}
