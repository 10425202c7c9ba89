// The image part of libcnntorch.so: all that compat/MLNet's ImageAnalytics needs. Same convention as cnntorch.h: 1 when done,
// 0 after an error, whose text is cnntorch_last_error(); no exception crosses. Nothing here starts threads: the callers are parallel.
// Pixels are 8-bit R, G, B, A, row by row without padding, colours multiplied by alpha (as SkiaSharp decodes for ML.NET).
#pragma once
#include "cnntorch.h"

#ifdef __cplusplus
extern "C" {
#endif

enum CnnImageFormat { CNN_IMAGE_UNKNOWN = 0, CNN_IMAGE_JPEG = 1, CNN_IMAGE_PNG = 2, CNN_IMAGE_BMP = 3, CNN_IMAGE_WEBP = 4, CNN_IMAGE_TIFF = 5 };

enum CnnImageFlags { CNN_IMAGE_ORIENT = 1 };  // turn the image as its EXIF orientation (JPEG) says

enum CnnResize {
    CNN_RESIZE_NEAREST = 0,      // source index = floor((i + 0.5) * source / target)
    CNN_RESIZE_BILINEAR = 1,     // four neighbours, whatever the reduction
    CNN_RESIZE_AREA = 2,         // mean of the covered area when reducing, else bilinear
    CNN_RESIZE_ANTIALIASED = 3,  // triangle filter as wide as the reduction (Pillow's BILINEAR)
};

typedef struct {
    int32_t format;                 // CnnImageFormat
    int32_t width, height;          // as stored, not turned
    int32_t orientation;            // EXIF, 1 to 8; 1 where nothing is said
} CnnImageInfo;

// From the header alone. Contents of no known format: done, with CNN_IMAGE_UNKNOWN. Cut off before the end as far as the headers tell,
// or malformed: an error.
CNNTORCH_API int cnntorch_image_info(const uint8_t* data, int64_t size, CnnImageInfo* info);

// Into rgba, which has room for width * height pixels: the sizes of cnntorch_image_info, swapped where it is turned by a quarter.
// 16-bit samples are scaled to 8, gray becomes RGB, a missing alpha 255. Data that ends early is an error, never a gray half.
CNNTORCH_API int cnntorch_image_decode(const uint8_t* data, int64_t size, int32_t flags, uint8_t* rgba, int32_t width, int32_t height);

// Pixels of order RGBA or, with bgra, BGRA. extension: ".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff". quality: 1 to 100.
// The bytes belong to the caller: cnntorch_image_free.
CNNTORCH_API int cnntorch_image_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t bgra, const char* extension,
                                       int32_t quality, uint8_t** data, int64_t* size);
CNNTORCH_API void cnntorch_image_free(uint8_t* data);

// The whole source scaled to the whole target; any channel order.
CNNTORCH_API int cnntorch_image_resize(const uint8_t* source, int32_t source_width, int32_t source_height,
                                       uint8_t* target, int32_t width, int32_t height, int32_t kind);

// The whole source scaled bilinearly to the rectangle (x, y, w, h), which may lie partly outside of the target; the rest of the
// target becomes 0. Only what is visible is computed.
CNNTORCH_API int cnntorch_image_draw(const uint8_t* source, int32_t source_width, int32_t source_height,
                                     uint8_t* target, int32_t width, int32_t height, int32_t x, int32_t y, int32_t w, int32_t h);

#ifdef __cplusplus
}
#endif
