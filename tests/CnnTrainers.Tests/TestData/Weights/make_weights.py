#!/usr/bin/env python3
"""Writes the small state dicts beside it, in both forms of torch.save. Run with Debian's python3-torch 1.13: /usr/bin/python3 make_weights.py

The network: conv1 = Conv2d(3, 4, 3, bias=False), bn1 = BatchNorm2d(4), fc = Linear(4, 5).
Value i of entry k of its state dict is ((7 i + 13 k) mod 64) / 32 - 1, which half and bfloat16 hold exactly; num_batches_tracked is 3.
"""
import os, pathlib, pickle, struct, sys, zipfile
from collections import OrderedDict
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
SYSTEM = {'protocol_version': 1001, 'little_endian': sys.byteorder == 'little', 'type_sizes': {'short': 2, 'int': 4, 'long': 4}}

class Tiny(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1, self.fc = nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Linear(4, 5)

def tiny():
    model = Tiny()
    with torch.no_grad():
        for k, t in enumerate(model.state_dict().values()):
            if t.dtype == torch.int64: t.fill_(3)
            else: t.copy_(((7 * torch.arange(t.numel()) + 13 * k) % 64 / 32 - 1).reshape(t.shape))
    return model

def save(state, name, zipped=True):
    torch.save(state, HERE / (name + ('.pth' if zipped else '.old.pth')), _use_new_zipfile_serialization=zipped)

def both(state, name):
    save(state, name)
    save(state, name, zipped=False)

def converted(dtype):
    return OrderedDict((n, t if t.dtype == torch.int64 else t.to(dtype)) for n, t in tiny().state_dict().items())

def strided():
    """channels_last, transposed, every second element, and two entries in one storage."""
    state = tiny().state_dict()
    state['conv1.weight'] = state['conv1.weight'].to(memory_format=torch.channels_last)
    state['fc.weight'] = state['fc.weight'].t().contiguous().t()
    state['fc.bias'] = torch.stack([state['fc.bias'], torch.zeros(5)], 1)[:, 0]
    state['bn1.weight'], state['bn1.bias'] = torch.cat([state['bn1.weight'], state['bn1.bias']]).split(4)
    return state

def checkpoint():
    model = tiny()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for p in model.parameters(): p.grad = torch.zeros_like(p)
    optimizer.step()
    wrapped = OrderedDict(('module.' + n, t) for n, t in model.state_dict().items())
    return {'epoch': 3, 'arch': 'tiny', 'best_acc1': torch.tensor(12.5), 'state_dict': wrapped, 'optimizer': optimizer.state_dict()}

class FirstPyTorch(pickle.Pickler):
    """Tensors and parameters as PyTorch 0.1 described them."""
    def __init__(self, file):
        super().__init__(file, protocol=2)
        self.storages = {}

    def persistent_id(self, value):
        if not isinstance(value, torch.storage.TypedStorage): return None
        self.storages[str(value._cdata)] = value
        kind = {torch.float32: torch.FloatStorage, torch.int64: torch.LongStorage}[value.dtype]
        return 'storage', kind, str(value._cdata), 'cpu', len(value), None

    def reducer_override(self, value):
        if isinstance(value, nn.Parameter): return nn.Parameter, (value.data,), (True, False, OrderedDict())
        if isinstance(value, torch.Tensor): return torch._utils._rebuild_tensor, (value.storage(), value.storage_offset(), tuple(value.shape), value.stride())
        return NotImplemented

def first_pytorch(name):
    model = tiny()
    with open(HERE / name, 'wb') as file:
        for fact in (0x1950a86a20f9469cfc6c, 1001, SYSTEM): pickle.dump(fact, file, protocol=2)
        pickler = FirstPyTorch(file)
        pickler.dump(OrderedDict([*model.named_parameters(), *model.named_buffers()]))
        pickle.dump(sorted(pickler.storages), file, protocol=2)
        for key in sorted(pickler.storages):
            storage = pickler.storages[key]
            file.write(struct.pack('<q', len(storage)) + torch.tensor([], dtype=storage.dtype).set_(storage).numpy().tobytes())

class Attack:
    def __reduce__(self): return os.system, ('touch attacked',)

def attack():
    state = {'conv1.weight': Attack()}
    with zipfile.ZipFile(HERE / 'os_system.pth', 'w') as file: file.writestr('archive/data.pkl', pickle.dumps(state, 2))
    with open(HERE / 'os_system.old.pth', 'wb') as file:
        for part in (0x1950a86a20f9469cfc6c, 1001, SYSTEM, state, []): pickle.dump(part, file, protocol=2)

if __name__ == '__main__':
    both(tiny().state_dict(), 'plain')
    both(strided(), 'strided')
    both(checkpoint(), 'checkpoint')
    save(converted(torch.float16), 'half')
    save(converted(torch.bfloat16), 'bfloat16')
    save(converted(torch.float64), 'double', zipped=False)
    save(OrderedDict([*tiny().named_parameters(), *tiny().named_buffers()]), 'parameters')
    first_pytorch('first_pytorch.old.pth')
    attack()
