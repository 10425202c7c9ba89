// PNG by libpng itself: OpenCV's decoder writes libpng's complaints to the standard error of whatever program this is part of.
#include "images_internal.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <png.h>

namespace {

struct PngState {
    const uint8_t* data;
    size_t left;
    char text[128];
    bool hasAlpha;
};

void onError(png_structp png, png_const_charp message) {
    auto* state = static_cast<PngState*>(png_get_error_ptr(png));
    snprintf(state->text, sizeof state->text, "%s", message);
    longjmp(png_jmpbuf(png), 1);
}

void onWarning(png_structp, png_const_charp) {}

void onRead(png_structp png, png_bytep target, size_t count) {
    auto* state = static_cast<PngState*>(png_get_io_ptr(png));
    if (count > state->left) png_error(png, "data ends early");
    memcpy(target, state->data, count);
    state->data += count;
    state->left -= count;
}

// Between setjmp and the end nothing may need a destructor.
bool decode(PngState& state, png_bytep* rows, uint32_t width, uint32_t height) {
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &state, onError, onWarning);
    if (png == nullptr) return false;
    png_infop info = png_create_info_struct(png);
    if (info == nullptr || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_read_struct(&png, &info, nullptr);
        return false;
    }
    png_set_user_limits(png, width, height);
    png_set_read_fn(png, &state, onRead);
    png_read_info(png, info);
    state.hasAlpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != size_t(width) * 4) png_error(png, "rows of an unexpected length");
    png_read_image(png, rows);
    png_read_end(png, nullptr);
    png_destroy_read_struct(&png, &info, nullptr);
    return true;
}

}  // namespace

void images::decodePng(const uint8_t* data, size_t size, const CnnImageInfo& info, uint8_t* rgba) {
    const uint32_t width = uint32_t(info.width), height = uint32_t(info.height);
    std::vector<png_bytep> rows(height);
    for (uint32_t y = 0; y < height; y++) rows[y] = rgba + size_t(y) * width * 4;
    PngState state{data, size, "", false};
    if (!decode(state, rows.data(), width, height)) throw std::runtime_error(std::string("corrupt PNG image: ") + state.text);
    if (state.hasAlpha) multiplyByAlpha(rgba, size_t(width) * height);
}
