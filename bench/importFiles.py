"""Full-width generators of 1024 pixels with random weights, as they are published: NVIDIA's StyleGAN1 pickle (protocol 2,
written by Python 3) and rosinality's StyleGAN2 checkpoint. Run: /usr/bin/python3 importFiles.py FOLDER"""
import collections
import pathlib
import pickle
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).parent / "../test/fixtures/networks"))

from dnnlib_pickle import Network  # noqa: E402

SIZES = [4 * 2**i for i in range(9)]
WIDTH = 512
random = np.random.default_rng(1)
channels = {r: min(WIDTH, 16384 // r) for r in SIZES}


def draw(*shape):
    return random.standard_normal(shape, dtype=np.float32)


def stylegan1():
    """One network of the tuple: about 100 MB."""
    dense = {f"Dense{i}/{part}": draw(*shape) for i in range(8) for part, shape in (("weight", (512, 512)), ("bias", (512,)))}
    layers = {"lod": np.float32(0)}
    for i in range(18):
        r = SIZES[i // 2]
        layers[f"noise{i}"] = draw(1, 1, r, r)
    for level, r in enumerate(SIZES):
        inner, out = channels[max(4, r // 2)], channels[r]
        for i, name in enumerate(("Const", "Conv") if r == 4 else ("Conv0_up", "Conv1")):
            at = f"{r}x{r}/{name}"
            if name == "Const":
                layers[f"{at}/const"] = draw(1, out, 4, 4)
            else:
                layers[f"{at}/weight"] = draw(3, 3, inner if i == 0 else out, out)
            layers[f"{at}/Noise/weight"], layers[f"{at}/bias"] = draw(out), draw(out)
            layers[f"{at}/StyleMod/weight"], layers[f"{at}/StyleMod/bias"] = draw(WIDTH, 2 * out), draw(2 * out)
        layers[f"ToRGB_lod{8 - level}/weight"], layers[f"ToRGB_lod{8 - level}/bias"] = draw(1, 1, out, 3), draw(3)
    settings = {"num_channels": 3, "resolution": 1024, "label_size": 0, "fused_scale": "auto", "use_noise": True}
    parts = {"synthesis": Network("G_synthesis", layers, {}, settings), "mapping": Network("G_mapping", dense, {}, settings)}
    return Network("G_style", {"lod": np.float32(0), "dlatent_avg": draw(WIDTH)}, parts, settings)


def stylegan2():
    wide = {r: min(WIDTH, 32768 // r) for r in SIZES}
    state = collections.OrderedDict()

    def put(name, *shape):
        state[name] = torch.from_numpy(draw(*shape))

    for i in range(1, 9):
        put(f"style.{i}.weight", 512, 512), put(f"style.{i}.bias", 512)
    put("input.input", 1, wide[4], 4, 4)

    def convolution(at, inner, out, kernel):
        put(f"{at}.conv.weight", 1, out, inner, kernel, kernel)
        put(f"{at}.conv.modulation.weight", inner, WIDTH), put(f"{at}.conv.modulation.bias", inner)
        if kernel == 3:
            put(f"{at}.noise.weight", 1), put(f"{at}.activate.bias", out)
        else:
            put(f"{at}.bias", 1, 3, 1, 1)

    taps = torch.tensor([1.0, 3, 3, 1])
    blur = taps[:, None] * taps / taps.sum() ** 2 * 4
    convolution("conv1", wide[4], wide[4], 3), convolution("to_rgb1", wide[4], 3, 1)
    for k, r in enumerate(SIZES[1:]):
        inner, out = wide[r // 2], wide[r]
        convolution(f"convs.{2 * k}", inner, out, 3), convolution(f"convs.{2 * k + 1}", out, out, 3)
        convolution(f"to_rgbs.{k}", out, 3, 1)
        state[f"convs.{2 * k}.conv.blur.kernel"] = state[f"to_rgbs.{k}.upsample.kernel"] = blur.clone()
    for i in range(17):
        r = SIZES[(i + 1) // 2]
        put(f"noises.noise_{i}", 1, 1, r, r)
    return state


folder = pathlib.Path(sys.argv[1])
critic = Network("D_basic", {f"{i}/weight": draw(3, 3, 512, 512) for i in range(10)})
with open(folder / "stylegan1.pkl", "wb") as file:
    pickle.dump((stylegan1(), critic, stylegan1()), file, protocol=2)
torch.save({"g_ema": stylegan2(), "latent_avg": torch.from_numpy(draw(WIDTH))}, folder / "stylegan2.pt")
