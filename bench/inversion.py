"""Peer of bench/inversion.ts: forward and gradient of a StyleGAN1 of random weights in PyTorch, eager, on the CPU.

usage: inversion.py SIDE RUNS     prints {"torch", "milliseconds": [...], "megabytes"}

The loss is the mean of squares.
"""
import json
import resource
import sys
import time

import torch

from styleGan1 import STYLE, StyleGan1, layers_for

side, runs = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(2)
torch.manual_seed(0)
synthesis = StyleGan1(side)
w = torch.randn(1, layers_for(side), STYLE, requires_grad=True)
times = []
for run in range(runs + 1):
    start = time.perf_counter()
    synthesis(w).pow(2).mean().backward()
    w.grad = None
    if run > 0:
        times.append((time.perf_counter() - start) * 1000)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"torch": torch.__version__, "milliseconds": times, "megabytes": peak}))
