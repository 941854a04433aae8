"""A StyleGAN1 as wide as the published ones, of random weights, in PyTorch: the peer of bench/styleGan1.ts.

The graph is the same as styleGan1Synthesis's: upsampling as a transposed convolution of stride 2 with a 4x4 kernel, then
[1,2,1] in both axes; noise times strength, bias, LeakyReLU, instance normalisation with the style.
"""
import math

import torch
import torch.nn.functional as F

STYLE, WIDEST = 512, 512


def layers_for(side):
    return 2 * int(math.log2(side)) - 2


class StyleGan1:
    def __init__(self, side):
        kernel = torch.tensor([1.0, 2.0, 1.0])
        kernel = torch.outer(kernel, kernel) / 16
        self.const = torch.randn(1, WIDEST, 4, 4)
        self.parts = []
        inner = WIDEST
        for layer in range(layers_for(side)):
            r = 4 * 2 ** (layer // 2)
            out = min(WIDEST, 16384 // r)
            taps = 4 if layer % 2 == 0 else 3
            shape = (inner, out, 4, 4) if taps == 4 else (out, inner, 3, 3)
            weight = torch.randn(shape) * math.sqrt(2 / (9 * inner)) if layer > 0 else None
            self.parts.append((weight, torch.randn(1, out, 1, 1) * 0.1, torch.randn(1, 1, r, r), torch.randn(out) * 0.1,
                               torch.randn(2 * out, STYLE) / math.sqrt(STYLE), torch.randn(2 * out) * 0.1,
                               kernel[None, None].repeat(out, 1, 1, 1)))
            inner = out
        self.rgb, self.rgb_bias = torch.randn(3, inner, 1, 1) / math.sqrt(inner), torch.randn(3) * 0.1

    def __call__(self, w):
        for layer, (weight, strength, noise, bias, style, style_bias, blur) in enumerate(self.parts):
            if layer == 0:
                x = self.const + bias[None, :, None, None]
            elif layer % 2 == 1:
                x = F.conv2d(x, weight, bias, padding=1)
            else:
                x = F.conv_transpose2d(x, weight, stride=2, padding=1)
                x = F.conv2d(x, blur, bias, padding=1, groups=x.shape[1])
            x = F.leaky_relu(x + noise * strength, 0.2)
            scale, shift = F.linear(w[:, layer], style, style_bias)[0].chunk(2)
            x = F.instance_norm(x, weight=scale + 1, bias=shift, eps=1e-8)
        return F.conv2d(x, self.rgb, self.rgb_bias)
