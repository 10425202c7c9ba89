"""Writes augmentation.json: what torchvision's tensor functions make of two small byte images.

Run with Debian 12's python3-torchvision (0.14.1): python3 make_augmentation.py
Pixel i of an image is (i * i * 7 + i * 13) % 256, planar; every eleventh pixel place is grey in all channels.
"""
import json
import os

import torch
from torchvision.transforms import InterpolationMode, autoaugment, functional as F

BILINEAR = InterpolationMode.BILINEAR


def image(channels, height, width):
    i = torch.arange(channels * height * width)
    pixels = ((i * i * 7 + i * 13) % 256).to(torch.uint8).reshape(channels, height * width)
    pixels[:, ::11] = pixels[:1, ::11]
    return pixels.reshape(channels, height, width)


def trivial(img, name, strength, negative):
    space = autoaugment.TrivialAugmentWide(31)._augmentation_space(31)
    magnitudes, signed = space[name]
    magnitude = float(magnitudes[strength].item()) if magnitudes.ndim > 0 else 0.0
    return autoaugment._apply_op(img, name, -magnitude if signed and negative else magnitude, BILINEAR, None)


cases = []
for shape in [(3, 8, 9), (1, 40, 6)]:
    img = image(*shape)

    def add(name, result, *arguments):
        cases.append({"shape": shape, "name": name, "arguments": arguments, "pixels": result.flatten().tolist()})

    for factor in [0.4, 1.7]:
        add("brightness", F.adjust_brightness(img, factor), factor)
        add("contrast", F.adjust_contrast(img, factor), factor)
        add("saturation", F.adjust_saturation(img, factor), factor)
        add("sharpness", F.adjust_sharpness(img, factor), factor)
    for share in [-0.3, 0.1, 0.5]:
        add("hue", F.adjust_hue(img, share), share)
    for degrees in [-90.0, 17.0, 135.0]:
        add("rotate", F.rotate(img, degrees, BILINEAR), degrees)
    for box in [(0, 0, shape[1], shape[2]), (1, 2, 5, 3), (7, 5, 1, 1)]:
        add("resizedCrop", F.resized_crop(img, *box, list(shape[1:]), BILINEAR, antialias=True), *box)
    for name in ["Identity", "ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate", "Brightness", "Color", "Contrast", "Sharpness"]:
        add(name, trivial(img, name, 4, False), 4, 0)
        add(name, trivial(img, name, 21, True), 21, 1)
    for name, strength in [("Posterize", 9), ("Posterize", 30), ("Solarize", 12), ("AutoContrast", 3), ("Equalize", 3)]:
        add(name, trivial(img, name, strength, False), strength, 0)

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "augmentation.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
