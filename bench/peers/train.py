"""The peer of the training step: torchvision's network on PyTorch, eager, as it comes: no layout, no allocator, no precision chosen. On a card with
bfloat16 as the guides to fast training have it: channels last, autocast, cuDNN's search.

    train.py NETWORK SIZE BATCH WARM_UP_STEPS SECONDS [cuda [bfloat16]]

Forward, backward and SGD step (momentum, Nesterov, weight decay) on one batch of random pixels that stays in memory. The warm-up takes
at least a second; then it runs for SECONDS, at least 3 steps. Prints one line of JSON.
"""
import json
import sys
import time

import torch
import torchvision

CLASSES = 10


def peak_bytes():
    # Not getrusage: its maximum outlives exec, so that it may be the starting process's.
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def main():
    name, size, batch, warm_up, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
    device, fast = (sys.argv[6:] + ["cpu"])[0], "bfloat16" in sys.argv[7:]
    torch.set_num_threads(2)
    torch.backends.cudnn.benchmark = fast
    torch.manual_seed(1)
    network = getattr(torchvision.models, name)(num_classes=CLASSES)
    network.train()
    network.to(device, memory_format=torch.channels_last if fast else torch.preserve_format)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9, nesterov=True, weight_decay=5e-4)
    criterion = torch.nn.CrossEntropyLoss()
    images = torch.rand(batch, 3, size, size).to(device, memory_format=torch.channels_last if fast else torch.preserve_format)
    labels = torch.randint(0, CLASSES, (batch,)).to(device)

    def step():
        optimizer.zero_grad()
        with torch.autocast(device, torch.bfloat16, enabled=fast):
            loss = criterion(network(images), labels)
        loss.backward()
        optimizer.step()

    steps, start = 0, time.perf_counter()
    while steps < warm_up or time.perf_counter() - start < 1:
        step()
        steps += 1
    if device != "cpu":
        torch.cuda.synchronize()
    steps, start = 0, time.perf_counter()
    while steps < 3 or time.perf_counter() - start < seconds:
        step()
        steps += 1
    if device != "cpu":
        torch.cuda.synchronize()
    elapsed = time.perf_counter() - start
    print(json.dumps({
        "rates": [steps * batch / elapsed],
        "peakBytes": peak_bytes(),
        "versions": "torchvision %s, PyTorch %s, Python %s" % (torchvision.__version__, torch.__version__, sys.version.split()[0]),
    }))


if __name__ == "__main__":
    main()
