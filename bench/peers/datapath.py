"""The peer of the data path: torchvision's ImageFolder, Resize and ToTensor on Pillow, through a DataLoader.

    datapath.py FOLDER MODE PASSES REPEAT

MODE is one of the rows below. Reads the folder once to warm up (worker processes started, files in the page cache), then PASSES times; each
time REPEAT times over.
Prints one line of JSON: images per second of each pass.
"""
import json
import os
import resource
import sys
import time

import PIL
import torch
import torchvision
from torchvision import datasets, transforms

SIZE = 224
BATCH = 16


BILINEAR = transforms.Compose([transforms.Resize((SIZE, SIZE)), transforms.ToTensor()])
CROPPED = transforms.Compose([transforms.Resize(SIZE), transforms.CenterCrop(SIZE), transforms.ToTensor()])


def cpu_seconds(batches):
    """Of this process and of the loader's workers."""
    workers = batches._iterator._workers if batches._iterator is not None else []
    total = 0
    for pid in [os.getpid()] + [worker.pid for worker in workers]:
        with open("/proc/%d/stat" % pid) as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


MODES = {  # transform, workers
    "workers": (BILINEAR, 2),
    "crop-workers": (CROPPED, 2),
}


def main():
    folder, mode, passes, repeat = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    # Threads as they come: the work is in Pillow, and a second thread for the smallest of tensors only costs.
    transform, workers = MODES[mode]
    images = torch.utils.data.ConcatDataset([datasets.ImageFolder(folder, transform)] * repeat)
    batches = torch.utils.data.DataLoader(images, BATCH, num_workers=workers, persistent_workers=workers > 0)
    rates, cpu = [], 0.0
    for i in range(passes + 1):
        start, count, total = time.perf_counter(), 0, 0.0
        for x, _ in batches:
            count += x.shape[0]
            total += float(x[0, 0, 0, 0])
        if i == 0:
            cpu = cpu_seconds(batches)
        else:
            rates.append(count / (time.perf_counter() - start))
        assert count == len(images)
    print(json.dumps({
        "rates": rates,
        "figures": {"cpuMilliseconds": (cpu_seconds(batches) - cpu) * 1000 / (passes * len(images))},
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "versions": "torchvision %s, PyTorch %s, Pillow %s, Python %s" % (
            torchvision.__version__, torch.__version__, PIL.__version__, sys.version.split()[0]),
    }))


if __name__ == "__main__":
    main()
