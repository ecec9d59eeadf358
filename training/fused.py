"""Faster forms of two layers, with the same results up to rounding.

On a CPU nearly half of a step is the reading and writing of intermediate values, and these do with fewer of them;
``benchmarks/training_speed.py`` measures by how much.
"""

from __future__ import annotations

from typing import Any

import torch
from peft import PeftModel
from peft.tuners.lora import Linear as LoraLinear
from torch import Tensor
from transformers.models.gemma3.modeling_gemma3 import Gemma3RMSNorm


class _AddLowRank(torch.autograd.Function):
    """``x W^T + scale * (x A^T) B^T`` with W frozen; the second product is added in place of the first."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        rows = x.reshape(-1, x.shape[-1])
        a, b = a.to(x.dtype), b.to(x.dtype)
        low = rows @ a.T
        ctx.save_for_backward(rows, low, weight, a, b)
        ctx.scale = scale
        out = (rows @ weight.T).addmm_(low, b.T, alpha=scale)
        return out.view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        rows, low, weight, a, b = ctx.saved_tensors
        gradient = gradients[0].reshape(-1, gradients[0].shape[-1])
        to_low = (gradient @ b).mul_(ctx.scale)
        to_x = None
        if ctx.needs_input_grad[0]:
            to_x = (gradient @ weight).addmm_(to_low, a).view(*gradients[0].shape[:-1], -1)
        # In float32, whatever the base's format: these are the gradients of the weights that learn.
        return to_x, None, (to_low.T @ rows).float(), (gradient.T @ low).float().mul_(ctx.scale), None


class _RmsNorm(torch.autograd.Function):
    """``x / rms(x) * weight`` over the last dimension, with the weight frozen."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        # Sums and products in float32, whatever comes in, as Gemma's own layer does; what is kept is as short as that.
        length = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
        inverse = length.square_().div_(x.shape[-1]).add_(eps).rsqrt_()
        normed = x * inverse
        ctx.save_for_backward(normed.to(x.dtype), inverse, weight)
        return (normed * weight).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        normed, inverse, weight = ctx.saved_tensors
        gradient = gradients[0] * weight
        shared = torch.linalg.vecdot(gradient, normed.float()).unsqueeze(-1).div_(normed.shape[-1])
        return gradient.addcmul_(normed, shared, value=-1).mul_(inverse).to(gradients[0].dtype), None, None


def fuse(model: PeftModel) -> None:
    """Replace the forward of the adapted linear layers and of the norms."""
    for module in model.modules():
        if isinstance(module, LoraLinear):
            module.forward = _lora_forward(module)
        elif isinstance(module, Gemma3RMSNorm):
            module.forward = _norm_forward(module)


def _lora_forward(module: LoraLinear) -> Any:
    a, b = module.lora_A["default"].weight, module.lora_B["default"].weight
    weight, scale = module.get_base_layer().weight, module.scaling["default"]
    assert module.get_base_layer().bias is None, "the fused form has no bias"
    return lambda x: _AddLowRank.apply(x, weight, a, b, scale)


def _norm_forward(module: Any) -> Any:
    # Gemma's norms multiply by one more than what they store.
    weight, eps = 1.0 + module.weight.detach().float(), module.eps
    return lambda x: _RmsNorm.apply(x, weight, eps)
