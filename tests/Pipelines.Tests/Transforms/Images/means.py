"""Prints the mean red, green and blue of each picture here, on white, as Pillow reads it: the numbers of OddImagesTests.

    /usr/bin/python3 means.py        (Debian 12: python3-pil 9.4)
"""
import glob
import os

import numpy
from PIL import Image

for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.*"))):
    try:
        image = Image.open(path)
        if image.mode in ("I;16", "I"):
            image = Image.fromarray((numpy.asarray(image) // 256).astype(numpy.uint8))
        image = image.convert("RGBA") if image.mode != "CMYK" else image.convert("RGB").convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        mean = numpy.asarray(Image.alpha_composite(white, image).convert("RGB"), float).mean(axis=(0, 1))
        print("%-22s %s %s" % (os.path.basename(path), image.size, mean.round().astype(int)))
    except Exception as error:
        print("%-22s %s" % (os.path.basename(path), type(error).__name__))
