"""Makes an ONNX file of one of our networks, for the peer of scoring: torchvision's network of that name with our weights, and softmax.

    export_onnx.py NETWORK CLASSES WEIGHTS FILE

WEIGHTS is a .safetensors file; our names are torchvision's. The number of images may be any. PyTorch's own exporter needs no onnx package.
"""
import json
import struct
import sys

import numpy
import torch
import torchvision

TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        values = file.read()
    state = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = numpy.frombuffer(values[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
        state[name] = torch.from_numpy(array.copy())
    return state


def main():
    name, classes, weights, path = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    network = getattr(torchvision.models, name)(num_classes=classes)
    network.load_state_dict(read_safetensors(weights))
    network = torch.nn.Sequential(network, torch.nn.Softmax(1)).eval()
    torch.onnx.export(
        network, torch.rand(2, 3, 224, 224), path, opset_version=16, input_names=["images"], output_names=["probabilities"],
        dynamic_axes={"images": {0: "count"}, "probabilities": {0: "count"}})


if __name__ == "__main__":
    main()
