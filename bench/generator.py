"""Peer of bench/generator.ts: the embedded model's forward and gradient in PyTorch, eager, on the CPU.

usage: generator.py GENERATOR.safetensors RUNS     prints {"torch": version, "milliseconds": [...]}

The graph is the same: modulation by scaling input channels, one shared kernel, demodulation by scaling output
channels; upsampling as a transposed convolution followed by the [1,3,3,1] filter; loss = mean of squares.
"""
import json
import math
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {"F16": np.float16, "F32": np.float32}


def read(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(array.astype(np.float32))
    return tensors


t = read(sys.argv[1])
runs = int(sys.argv[2])
torch.set_num_threads(2)
K = torch.tensor([1.0, 3.0, 3.0, 1.0])
K = torch.outer(K, K) / 64 * 4
layers = sum(1 for name in t if name.startswith("synthesis.layer") and name.endswith(".weight") and "style" not in name)


def fir(x, pad):
    c = x.shape[1]
    return F.conv2d(F.pad(x, pad), K[None, None].repeat(c, 1, 1, 1), groups=c)


def prepared(name):
    weight = t[name + ".weight"]
    weight = weight / math.sqrt(weight[0].numel())
    return weight, weight.pow(2).sum((2, 3)), weight.flip(2, 3).transpose(0, 1).contiguous()


WEIGHTS = {n[: -len(".weight")]: prepared(n[: -len(".weight")]) for n in t
           if n.startswith("synthesis.") and n.endswith(".weight") and "style" not in n}


def modulated(name, x, w, demodulate, up):
    weight, squares, turned = WEIGHTS[name]
    style = F.linear(w, t[name + ".style.weight"] / math.sqrt(512), t[name + ".style.bias"] + 1)
    x = x * style[:, :, None, None]
    if up:
        x = fir(F.conv_transpose2d(x, turned, stride=2), (1, 1, 1, 1))
    else:
        x = F.conv2d(x, weight, padding=weight.shape[-1] // 2)
    if demodulate:
        x = x * torch.rsqrt(F.linear(style * style, squares) + 1e-8)[:, :, None, None]
    x = x + t[name + ".bias"][None, :, None, None]
    return F.leaky_relu(x, 0.2) * math.sqrt(2) if demodulate else x


def up_image(x):
    y = x.new_zeros(x.shape[0], 3, 2 * x.shape[2], 2 * x.shape[3])
    y[:, :, ::2, ::2] = x
    return fir(y, (2, 1, 2, 1))


def synthesis(w):
    x = modulated("synthesis.layer0", t["synthesis.early_layer.const"], w[:, 0], True, False)
    image = modulated("synthesis.output0", x, w[:, 1], False, False)
    for level in range(1, (layers + 1) // 2):
        x = modulated(f"synthesis.layer{2 * level - 1}", x, w[:, 2 * level - 1], True, True)
        x = modulated(f"synthesis.layer{2 * level}", x, w[:, 2 * level], True, False)
        image = modulated(f"synthesis.output{level}", x, w[:, 2 * level + 1], False, False) + up_image(image)
    return image


torch.manual_seed(0)
w = torch.randn(1, layers + 1, 512, requires_grad=True)
times = []
for run in range(runs + 3):
    start = time.perf_counter()
    loss = synthesis(w).pow(2).mean()
    loss.backward()
    w.grad = None
    if run >= 3:
        times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"torch": torch.__version__, "milliseconds": times}))
