"""Peer of bench/inversion.ts: forward and gradient of a StyleGAN1 of random weights in PyTorch, eager, on the CPU.

usage: inversion.py SIDE RUNS     prints {"torch", "milliseconds": [...], "megabytes"}

The graph is the same as styleGan1Synthesis's: upsampling as a transposed convolution of stride 2 with a 4x4 kernel, then
[1,2,1] in both axes; noise times strength, bias, LeakyReLU, instance normalisation with the style; loss = mean of squares.
"""
import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F

side, runs = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(2)
torch.manual_seed(0)
STYLE, WIDEST = 512, 512
layers = 2 * int(math.log2(side)) - 2
K = torch.tensor([1.0, 2.0, 1.0])
K = torch.outer(K, K) / 16

const = torch.randn(1, WIDEST, 4, 4)
parts = []
inner = WIDEST
for layer in range(layers):
    r = 4 * 2 ** (layer // 2)
    out = min(WIDEST, 16384 // r)
    taps = 4 if layer % 2 == 0 else 3
    shape = (inner, out, 4, 4) if taps == 4 else (out, inner, 3, 3)
    weight = torch.randn(shape) * math.sqrt(2 / (9 * inner)) if layer > 0 else None
    parts.append((weight, torch.randn(1, out, 1, 1) * 0.1, torch.randn(1, 1, r, r), torch.randn(out) * 0.1,
                  torch.randn(2 * out, STYLE) / math.sqrt(STYLE), torch.randn(2 * out) * 0.1,
                  K[None, None].repeat(out, 1, 1, 1)))
    inner = out
rgb, rgb_bias = torch.randn(3, inner, 1, 1) / math.sqrt(inner), torch.randn(3) * 0.1


def synthesis(w):
    for layer, (weight, strength, noise, bias, style, style_bias, blur) in enumerate(parts):
        if layer == 0:
            x = const + bias[None, :, None, None]
        elif layer % 2 == 1:
            x = F.conv2d(x, weight, bias, padding=1)
        else:
            x = F.conv_transpose2d(x, weight, stride=2, padding=1)
            x = F.conv2d(x, blur, bias, padding=1, groups=x.shape[1])
        x = F.leaky_relu(x + noise * strength, 0.2)
        scale, shift = F.linear(w[:, layer], style, style_bias)[0].chunk(2)
        x = F.instance_norm(x, weight=scale + 1, bias=shift, eps=1e-8)
    return F.conv2d(x, rgb, rgb_bias)


w = torch.randn(1, layers, STYLE, requires_grad=True)
times = []
for run in range(runs + 1):
    start = time.perf_counter()
    synthesis(w).pow(2).mean().backward()
    w.grad = None
    if run > 0:
        times.append((time.perf_counter() - start) * 1000)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"torch": torch.__version__, "milliseconds": times, "megabytes": peak}))
