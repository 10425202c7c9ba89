"""Makes image files that cost a decoder what photographs cost it: smooth light, shapes with edges, fine texture.

    make_images.py FOLDER COUNT WIDTH HEIGHT [CLASSES [jpg|png]]

The same files each time. With CLASSES, they lie in folders class0, class1, ... and differ by class in colour.
"""
import os
import sys
from multiprocessing import Pool

import numpy
from PIL import Image, ImageDraw

QUALITY = 88


def light(random, width, height):
    """Noise that is strong on large scales and weak on small ones, as in nature."""
    pixels = numpy.zeros((height, width, 3), numpy.float32)
    cells, strength = 2, 60.0
    while cells < width // 2:
        grid = random.integers(0, 256, (cells * height // width + 2, cells + 2, 3), dtype=numpy.uint8)
        layer = Image.fromarray(grid).resize((width, height), Image.BICUBIC)
        pixels += (numpy.asarray(layer, numpy.float32) - 128) * (strength / 128)
        cells, strength = cells * 2, strength * 0.62
    return pixels


def shapes(random, width, height):
    """Filled ellipses and polygons: edges at every angle."""
    image = Image.new("RGB", (width, height), tuple(int(v) for v in random.integers(60, 196, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(random.integers(6, 18))):
        colour = tuple(int(v) for v in random.integers(0, 256, 3))
        x, y = random.integers(0, width), random.integers(0, height)
        w, h = random.integers(20, width // 2), random.integers(20, height // 2)
        if random.random() < 0.5:
            draw.ellipse((x - w // 2, y - h // 2, x + w // 2, y + h // 2), fill=colour)
        else:
            points = [(x + random.integers(-w, w) // 2, y + random.integers(-h, h) // 2) for _ in range(5)]
            draw.polygon([(int(a), int(b)) for a, b in points], fill=colour)
    return numpy.asarray(image, numpy.float32)


def make(job):
    path, seed, width, height, shift = job
    random = numpy.random.default_rng(seed)
    # Grain of one brightness for all colours, as film and sensors have most of it.
    grain = random.normal(0, random.uniform(2, 9), (height, width, 1)).astype(numpy.float32)
    pixels = 0.75 * shapes(random, width, height) + 0.25 * 128 + light(random, width, height) + grain + shift
    Image.fromarray(numpy.clip(pixels, 0, 255).astype(numpy.uint8)).save(path, quality=QUALITY)
    return os.path.getsize(path)


def main():
    folder, count, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    classes = int(sys.argv[5]) if len(sys.argv) > 5 else 1
    kind = sys.argv[6] if len(sys.argv) > 6 else "jpg"
    colours = numpy.random.default_rng(1).uniform(-50, 50, (classes, 3)) if classes > 1 else numpy.zeros((1, 3))
    jobs = []
    for i in range(count):
        inside = os.path.join(folder, "class%d" % (i % classes))
        os.makedirs(inside, exist_ok=True)
        jobs.append((os.path.join(inside, "%05d.%s" % (i, kind)), i, width, height, colours[i % classes].astype(numpy.float32)))
    with Pool() as pool:
        sizes = pool.map(make, jobs, chunksize=8)
    print("%d files, %.0f kB on average" % (count, sum(sizes) / count / 1000))


if __name__ == "__main__":
    main()
