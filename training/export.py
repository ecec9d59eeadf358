"""Writes an adapter in peft's format as the GGUF file that is added into the base model where a worker runs.

    python -m training.export run/adapter worker/models/adapters/fr-en.gguf --version 1

Beside it goes a manifest, ``fr-en.json``, by which a worker knows both files.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFType, GGUFWriter, Keys, quantize
from safetensors.numpy import load_file

from training.peft_folder import WEIGHTS, read_shape
from worker.models.adapter import Manifest, sha256
from worker.models.embedded import BASE_SHA256

_NAMES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
#: Blocks of 32 numbers with a scale each: half the size of float16.
_KIND = GGMLQuantizationType.Q8_0
_WEIGHT = re.compile(r"layers\.(?P<layer>\d+)\..*?(?P<name>\w+_proj)\.lora_(?P<half>[AB])\.weight$")


def export(adapter: Path, target: Path) -> None:
    """Write the adapter's halves in 8 bits, as the merged model has them; rows that do not divide in float16.

    Args:
        adapter: peft's folder.
        target: the GGUF file; written anew.

    Raises:
        ValueError: a weight belongs to no layer that llama.cpp knows by name, or the adapter is no plain LoRA.
    """
    shape = read_shape(adapter)
    # llama.cpp's architecture name: it refuses an adapter of another base.
    writer = GGUFWriter(target, "gemma3")
    writer.add_type(GGUFType.ADAPTER)
    writer.add_string(Keys.Adapter.TYPE, "lora")
    writer.add_float32(Keys.Adapter.LORA_ALPHA, shape.alpha)
    for name, weight in sorted(load_file(adapter / WEIGHTS).items()):
        if weight.shape[-1] % GGML_QUANT_SIZES[_KIND][0]:
            writer.add_tensor(tensor_name(name), weight.astype(np.float16))
        else:
            writer.add_tensor(tensor_name(name), quantize(weight, _KIND), raw_dtype=_KIND)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def tensor_name(name: str) -> str:
    """llama.cpp's name of a peft weight: ``blk.3.attn_q.weight.lora_a``.

    Raises:
        ValueError: it has none.
    """
    found = _WEIGHT.search(name)
    if not found or found["name"] not in _NAMES:
        raise ValueError(f"llama.cpp has no name for {name}")
    return f"blk.{found['layer']}.{_NAMES[found['name']]}.weight.lora_{found['half'].lower()}"


def main() -> None:
    """Write the file and its manifest, and print both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adapter", type=Path, help="folder in peft's format")
    parser.add_argument("target", type=Path, help="the GGUF file to write")
    parser.add_argument("--name", default="depeche-fr-en")
    parser.add_argument("--version", required=True)
    options = parser.parse_args()
    export(options.adapter, options.target)
    manifest = Manifest(
        name=options.name,
        version=options.version,
        file=options.target.name,
        sha256=sha256(options.target),
        base_sha256=BASE_SHA256,
    )
    options.target.with_suffix(".json").write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    print(f"{options.target}: {options.target.stat().st_size:,} bytes\n{manifest.model_dump_json(indent=2)}")


if __name__ == "__main__":
    main()
