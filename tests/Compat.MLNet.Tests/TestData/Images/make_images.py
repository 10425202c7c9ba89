# Makes the image files of this folder: python3 make_images.py (Pillow 9.4). All are 6 x 4; pixel (x, y) is (40 x, 60 y, 100).
import struct
import zlib
from PIL import Image

W, H = 6, 4
rgb = Image.new("RGB", (W, H))
rgb.putdata([(40 * x, 60 * y, 100) for y in range(H) for x in range(W)])
rgb.save("rgb.png")
rgb.save("rgb.bmp")
rgb.save("rgb.tif")
rgb.save("rgb-lzw.tif", compression="tiff_lzw")
rgb.save("rgb.webp", lossless=True)
rgb.convert("P", palette=Image.ADAPTIVE).save("palette.png")
rgb.convert("P", palette=Image.ADAPTIVE).save("palette.bmp")

# Gray 10 (6 y + x).
gray = Image.new("L", (W, H))
gray.putdata([10 * (W * y + x) for y in range(H) for x in range(W)])
for name in ("gray.png", "gray.bmp", "gray.tif"):
    gray.save(name)
gray.save("gray.jpg", quality=100)

# Alpha 255, 128, 0 for the columns 0, 1, 2, again for 3, 4, 5.
rgba = rgb.convert("RGBA")
rgba.putalpha(Image.frombytes("L", (W, H), bytes([255, 128, 0] * 2 * H)))
rgba.save("rgba.png")
rgba.save("rgba.tif")
rgba.save("rgba.webp", lossless=True)

# Interlaced, written by hand: Pillow does not. Adam7 of the rgb image.
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

def png(name, bits, color, rows, interlace=0, extra=b""):
    header = struct.pack(">IIBBBBB", W, H, bits, color, 0, 0, interlace)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))

passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
rows = b""
for x0, y0, dx, dy in passes:
    for y in range(y0, H, dy):
        line = b"".join(bytes(rgb.getpixel((x, y))) for x in range(x0, W, dx))
        if line:
            rows += b"\0" + line
png("interlaced.png", 8, 2, rows, interlace=1)

# 16 bits: every sample times 257 (255 becomes 65535), and a little more that scaling to 8 bits rounds away.
png("rgb16.png", 16, 2, b"".join(b"\0" + b"".join(struct.pack(">3H", 40 * x * 257 + 100, 60 * y * 257 + 100, 100 * 257 + 100) for x in range(W)) for y in range(H)))
# The same with a gamma of 1.0: not applied.
png("gamma.png", 8, 2, b"".join(b"\0" + b"".join(bytes(rgb.getpixel((x, y))) for x in range(W)) for y in range(H)), extra=chunk(b"gAMA", struct.pack(">I", 100000)))
# Gray and alpha: gray 10 (6 y + x), alpha 128.
png("grayalpha.png", 8, 4, b"".join(b"\0" + b"".join(bytes((10 * (W * y + x), 128)) for x in range(W)) for y in range(H)))
Image.frombytes("I;16", (W, H), b"".join(struct.pack("<H", 2570 * (W * y + x)) for y in range(H) for x in range(W))).save("gray16.tif")

# JPEG: 48 x 32, two halves of plain colour, so that compression keeps them: left (200, 30, 60), right (20, 90, 220).
big = Image.new("RGB", (48, 32), (200, 30, 60))
big.paste((20, 90, 220), (24, 0, 48, 32))
big.save("baseline.jpg", quality=95, subsampling=0)
big.save("subsampled.jpg", quality=95, subsampling=2)
big.save("progressive.jpg", quality=95, subsampling=0, progressive=True)
big.convert("CMYK").save("cmyk.jpg", quality=95)
exif = Image.Exif()
exif[0x0112] = 6
big.save("orientation6.jpg", quality=95, subsampling=0, exif=exif)
