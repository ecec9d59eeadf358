"""Does the exported adapter over the quantised base do in llama.cpp what it did in training?

    python -m training.parity --adapter run/adapter --gguf adapter.gguf --source dev.fr --limit 50

Translates the sentences greedily with peft over the dequantised base and with llama.cpp, and prints the share of equal
outputs, their likeness (chrF), and the pairs that differ. Equal everywhere is not to be expected: llama.cpp also
quantises what goes into each layer, and a small model has many near ties.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from peft import PeftModel
from sacrebleu.metrics.chrf import CHRF

from config.settings import load_settings
from tasks.normalise import for_model
from training.model import load_base, load_tokenizer
from training.recipe import load_recipe
from worker.models.embedded import VOCABULARY, base_weights, load_translator
from worker.models.gemma import read_vocabulary


def with_peft(sentences: Sequence[str], weights: Path, adapter: Path) -> tuple[list[list[int]], list[str]]:
    """The prompts' token ids and greedy translations by the model as it was trained."""
    prompt = load_recipe().prompt
    tokenizer = load_tokenizer(weights)
    bos = tokenizer.bos_token_id
    model = PeftModel.from_pretrained(load_base(weights, torch.device("cpu")), str(adapter)).eval()
    line_end = tokenizer("\n", add_special_tokens=False).input_ids[0]
    prompts, outputs = [], []
    for sentence in sentences:
        text = f"{prompt.before}{sentence}{prompt.after}"
        prompts.append([bos, *tokenizer(text, add_special_tokens=False).input_ids])
        ids = torch.tensor([prompts[-1]])
        with torch.inference_mode():
            found = model.generate(
                input_ids=ids, max_new_tokens=2 * ids.shape[1], do_sample=False, eos_token_id=line_end
            )
        output = tokenizer.decode(found[0, ids.shape[1] :], skip_special_tokens=True)
        outputs.append(" ".join(output.split("\n")[0].split()))
    return prompts, outputs


def with_llama_cpp(sentences: Sequence[str], gguf: Path) -> tuple[list[list[int]], list[str]]:
    """The prompts' token ids, by the whole base's numbering, and greedy translations by the worker's engine."""
    settings = load_settings(adapter=str(gguf))
    kept = read_vocabulary(VOCABULARY)
    translator = load_translator(settings)
    try:
        prompts = [[kept[token] for token in prompt] for prompt in translator.prompts(sentences)]
        return prompts, [hypothesis.text for hypothesis in translator.translate(sentences)]
    finally:
        translator.close()


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", type=Path, required=True, help="folder in peft's format")
    parser.add_argument("--gguf", type=Path, required=True, help="the same adapter as exported")
    parser.add_argument("--source", type=Path, required=True, help="French sentences, one a line")
    parser.add_argument("--limit", type=int, default=50)
    options = parser.parse_args()
    lines = options.source.read_text(encoding="utf-8").removesuffix("\n").split("\n")[: options.limit]
    sentences = [for_model(line) for line in lines]
    with TemporaryDirectory() as folder, base_weights(Path(folder)) as weights:
        learnt, trained = with_peft(sentences, weights, options.adapter)
    asked, exported = with_llama_cpp(sentences, options.gguf)
    for ours, theirs in zip(trained, exported, strict=True):
        if ours != theirs:
            print(f"peft       {ours}\nllama.cpp  {theirs}\n")
    same = sum(ours == theirs for ours, theirs in zip(learnt, asked, strict=True))
    print(f"{same} of {len(sentences)} prompts have the same tokens")
    equal = sum(ours == theirs for ours, theirs in zip(trained, exported, strict=True))
    likeness = CHRF().corpus_score(exported, [trained]).score
    print(f"{equal} of {len(sentences)} outputs are equal; chrF between the two: {likeness:.1f}")


if __name__ == "__main__":
    main()
