"""Makes one file of every kind that images come in, for the fuzzing of the reader.

    make_formats.py FOLDER
"""
import os
import sys

import numpy
from PIL import Image

SIDE = 96


def main():
    folder = sys.argv[1]
    random = numpy.random.default_rng(1)
    slope = numpy.add.outer(numpy.arange(SIDE), numpy.arange(SIDE))[..., None] * 128 // SIDE
    frames = [Image.fromarray((slope + random.integers(0, 64, (SIDE, SIDE, 3))).clip(0, 255).astype(numpy.uint8)) for _ in range(3)]
    image = frames[0]
    clear = image.copy()
    clear.putalpha(Image.fromarray(random.integers(0, 256, (SIDE, SIDE), dtype=numpy.uint8)))
    sixteen = Image.fromarray(random.integers(0, 65536, (SIDE, SIDE), dtype=numpy.uint16))

    def save(some, name, **options):
        some.save(os.path.join(folder, name), **options)

    save(image, "jpeg-baseline.jpg", quality=90)
    save(image, "jpeg-progressive.jpg", quality=90, progressive=True)
    save(image.convert("L"), "jpeg-gray.jpg")
    save(image.convert("CMYK"), "jpeg-cmyk.jpg")
    save(image, "png-rgb.png")
    save(clear, "png-rgba.png")
    save(image.convert("P"), "png-palette.png")
    save(image.convert("1"), "png-bit.png")
    save(sixteen, "png-16.png")
    save(frames[0], "png-animated.png", save_all=True, append_images=frames[1:])
    save(image, "webp-lossy.webp", quality=80)
    save(clear, "webp-lossless.webp", lossless=True)
    save(frames[0], "webp-animated.webp", save_all=True, append_images=frames[1:])
    save(image, "gif-one.gif")
    save(frames[0], "gif-animated.gif", save_all=True, append_images=frames[1:])
    save(image, "bmp-24.bmp")
    save(image.convert("P"), "bmp-palette.bmp")


if __name__ == "__main__":
    main()
