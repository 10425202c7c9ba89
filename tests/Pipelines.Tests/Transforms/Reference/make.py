"""Makes the numbers of ResizeTests: torchvision's antialiased Resize, and Pillow's resize of a box, on an image that the test makes too.

    /usr/bin/python3 make.py        (Debian 12: python3-torchvision 0.14, python3-pil 9.4)

Writes NAME.png beside itself.
"""
import os

import numpy
import torch
from PIL import Image
from torchvision.transforms import InterpolationMode
from torchvision.transforms import functional

HERE = os.path.dirname(os.path.abspath(__file__))


def image(height, width):
    """Noise on a slope, from whole numbers alone."""
    y, x, c = numpy.meshgrid(numpy.arange(height), numpy.arange(width), numpy.arange(3), indexing="ij")
    y, x, c = (a.astype(numpy.uint64) for a in (y, x, c))
    noise = ((x * 7919 + y * 104729 + c * 1299709 + x * y * 31) * 2654435761 % 2**32) >> 25
    slope = 128 * (x + y) // (height + width)
    return (noise + slope).astype(numpy.uint8)


def main():
    # name, height, width, new height, new width
    for name, height, width, new_height, new_width in [
        ("smaller", 113, 150, 32, 32),
        ("little-smaller", 60, 50, 47, 44),
        ("larger", 20, 30, 41, 53),
        ("flat", 9, 400, 24, 24),
        ("tiny", 1, 3, 8, 8),
    ]:
        pixels = torch.from_numpy(image(height, width)).permute(2, 0, 1)
        resized = functional.resize(pixels, [new_height, new_width], InterpolationMode.BILINEAR, antialias=True)
        Image.fromarray(resized.permute(1, 2, 0).numpy()).save(os.path.join(HERE, name + ".png"))
    # The middle square, whose corners do not fall on pixels.
    height, width = 113, 150
    box = ((width - height) / 2, 0, (width + height) / 2, height)
    Image.fromarray(image(height, width)).resize((40, 40), Image.BILINEAR, box=box).save(os.path.join(HERE, "crop.png"))


if __name__ == "__main__":
    main()
