#!/usr/bin/env python3
"""Writes what torchvision computes, for the comparison that docs/weights.md describes. Run by hand, with Debian's python3-torchvision:

    /usr/bin/python3 torchvision_check.py FOLDER NAME...            facts: NAME.json, as make_golden.py has them, with all state names
    /usr/bin/python3 torchvision_check.py --files FOLDER NAME...    files: NAME.pth, NAME.old.pth, NAME.safetensors with random weights
                                                                    for 1000 classes, and NAME.files.json with their logits
    /usr/bin/python3 torchvision_check.py --back FOLDER NAME...     after the comparison: torchvision with the NAME.ours.safetensors that it wrote
"""
import json, pathlib, struct, sys
import torch, torchvision
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import make_golden

def build(name, classes):
    extra = {'aux_logits': False, 'init_weights': False} if name in ('googlenet', 'inception_v3') else {}
    return getattr(torchvision.models, name)(weights=None, num_classes=classes, **extra)

def facts(folder, name):
    result = make_golden.case(name)
    result['names'] = list(build(name, 10).state_dict())
    (folder / f'{name}.json').write_text(json.dumps(result))

def write_safetensors(path, state):
    """The layout by hand: 8 bytes length, JSON, values."""
    header, place = {}, 0
    for key, value in state.items():
        size = value.numel() * value.element_size()
        kind = {torch.float32: 'F32', torch.int64: 'I64'}[value.dtype]
        header[key] = {'dtype': kind, 'shape': list(value.shape), 'data_offsets': [place, place + size]}
        place += size
    text = json.dumps(header).encode()
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for value in state.values(): file.write(value.contiguous().numpy().tobytes())

def files(folder, name):
    torch.manual_seed(1)
    size = 299 if name == 'inception_v3' else 224
    model = build(name, 1000)
    x = (4 * make_golden.u(4711, 2 * 3 * size * size)).float().reshape(2, 3, size, size)
    model.train()(x)  # so that the running statistics are no longer 0 and 1
    logits = model.eval()(x)
    state = model.state_dict()
    torch.save(state, folder / f'{name}.pth')
    torch.save(state, folder / f'{name}.old.pth', _use_new_zipfile_serialization=False)
    write_safetensors(folder / f'{name}.safetensors', state)
    result = {'name': name, 'input': [2, 3, size, size], 'logits': logits.tolist()}
    (folder / f'{name}.files.json').write_text(json.dumps(result))

def read_safetensors(path):
    data = open(path, 'rb').read()
    end = 8 + struct.unpack('<Q', data[:8])[0]
    header = json.loads(data[8:end])
    header.pop('__metadata__', None)
    kinds = {'F32': torch.float32, 'I64': torch.int64}
    def tensor(e):
        begin, stop = e['data_offsets']
        return torch.frombuffer(bytearray(data[end + begin:end + stop]), dtype=kinds[e['dtype']]).reshape(e['shape'])
    return {name: tensor(e) for name, e in header.items()}

def back(folder, name):
    expected = json.loads((folder / f'{name}.files.json').read_text())
    model = build(name, 1000)
    model.load_state_dict(read_safetensors(folder / f'{name}.ours.safetensors'))
    size = expected['input'][-1]
    x = (4 * make_golden.u(4711, 2 * 3 * size * size)).float().reshape(2, 3, size, size)
    theirs = torch.tensor(expected['logits'])
    print(f'logits {(model.eval()(x) - theirs).abs().max() / theirs.abs().max():.1e}', end='  ')

if __name__ == '__main__':
    torch.set_num_threads(2)
    arguments = sys.argv[1:]
    action = {'--files': files, '--back': back}.get(arguments[0], facts)
    folder, *names = arguments if action is facts else arguments[1:]
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    with torch.no_grad():
        for name in names:
            action(pathlib.Path(folder), name)
            print(name, flush=True)
