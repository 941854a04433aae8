"""Peer of bench/rfmIteration.ts: iterations of RFM's inversion on full-width networks of random weights in PyTorch, eager, on the
CPU, the encoder being optimised.

usage: rfmIteration.py SIDE RUNS     prints {"torch", "milliseconds": [...], "megabytes", "parameters", "code"}

The networks and losses are those that the fixtures are made with (test/fixtures/inversion/rfm/reference.py). As in ours, both
gradients are taken at one point, and LPIPS's features of the photo, which RFM's program computes anew each time, once.
"""
import json
import math
import pathlib
import resource
import sys
import time

import torch

sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).parent / "../test/fixtures/inversion/rfm"))

import reference  # noqa: E402
from styleGan1 import STYLE, StyleGan1  # noqa: E402

side, runs = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(2)
torch.manual_seed(0)
VGG16 = [(64, [0, 2]), (128, [5, 7]), (256, [10, 12, 14]), (512, [17, 19, 21]), (512, [24, 26, 28])]


def draw_lpips():
    state, inner = {}, 3
    for block, (out, numbers) in enumerate(VGG16):
        for i in numbers:
            at = f"net.slice{block + 1}.{i}"
            state[f"{at}.weight"] = torch.randn(out, inner, 3, 3) * math.sqrt(2 / (9 * inner))
            state[f"{at}.bias"], inner = torch.randn(out) * 0.1, out
        state[f"lin{block}.model.1.weight"] = torch.rand(1, out, 1, 1)
    return state


synthesis, vgg = StyleGan1(side), draw_lpips()
widths = [min(512, 16384 // (side >> i)) for i in range(int(math.log2(side)) - 1)]
e = reference.draw_encoder(torch.Generator().manual_seed(1), [*widths, widths[-1]], STYLE)
names = reference.trained(e)
weights = [e[name].requires_grad_(True) for name in names]
adam = reference.LreqAdam(weights, [reference.coefficient(name, e[name]) for name in names], 0.005)
photo = torch.randn(1, 3, side, side) * 0.5
remembered = {}


def features(p, x):
    if x.requires_grad:
        return reference.lpips_features(p, x)
    if x.shape not in remembered:
        remembered[x.shape] = reference.lpips_features(p, x)
    return remembered[x.shape]


times = []
for run in range(runs + 1):
    start = time.perf_counter()
    w1, c1 = reference.encode(e, photo)
    x = synthesis(w1)
    w2, c2 = reference.encode(e, x)
    image, _ = reference.image_loss(photo, x, vgg, features)
    latent, _ = reference.latent_loss(w1, w2, c1, c2, 2)
    first = torch.autograd.grad(image, weights, retain_graph=True)
    second = torch.autograd.grad(latent, weights)
    adam.step(first)
    adam.step(second)
    if run > 0:
        times.append((time.perf_counter() - start) * 1000)
    assert math.isfinite(image + latent)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"torch": torch.__version__, "milliseconds": times, "megabytes": peak,
                  "parameters": sum(x.numel() for x in weights), "code": list(w1.shape)}))
