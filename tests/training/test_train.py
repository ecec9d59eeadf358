"""Training on a tiny model of the base's architecture: what is learnt, what a kill costs, what is exported."""

from __future__ import annotations

import csv
import multiprocessing
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import wait_until
from training.pairs import Pair
from training.recipe import Lora, Recipe, load_recipe

torch = pytest.importorskip("torch")
pytest.importorskip("peft")
gguf = pytest.importorskip("gguf")

from safetensors.torch import load_file  # noqa: E402
from transformers import Gemma3ForCausalLM, Gemma3TextConfig  # noqa: E402

from training import train as trainer  # noqa: E402
from training.batches import plan, to_batch, to_example  # noqa: E402
from training.export import export, tensor_name  # noqa: E402
from training.model import TargetLoss, adapter_weights, add_adapter, load_adapter_weights, save_adapter  # noqa: E402

pytestmark = pytest.mark.torch

PAIRS = [
    Pair(f"Le {fr} {verb} {day}.", f"The {en} {does} {when}.", "human")
    for fr, en in (("maire", "mayor"), ("pont", "bridge"), ("train", "train"), ("port", "port"))
    for verb, does in (("parle", "speaks"), ("part", "leaves"), ("dort", "sleeps"))
    for day, when in (("hier", "yesterday"), ("mardi", "Tuesday"), ("ce soir", "tonight"))
]
BOS = 1

# peft's, about transformers'.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


@pytest.fixture(scope="module")
def recipe() -> Recipe:
    settings = load_recipe().model_dump()
    settings["lora"] = {"rank": 4, "alpha": 8}
    settings["training"] |= {
        "passes": [{"human": 240}],
        "batch_pairs": 4,
        "warmup_steps": 3,
        "cooldown_steps": 40,
        "average_steps": 10,
        "precision": "float32",
        "learning_rate": 1e-2,
    }
    return Recipe.model_validate(settings)


def tokenize(text: str) -> list[int]:
    """Characters, folded into the tiny vocabulary; deterministic."""
    return [2 + ord(character) % 94 for character in text]


def tiny_base() -> Any:
    torch.manual_seed(0)
    config = Gemma3TextConfig(
        vocab_size=96,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        initializer_range=0.2,
        layer_types=["sliding_attention", "full_attention"],
    )
    return Gemma3ForCausalLM(config).float()


def new_run(recipe: Recipe, folder: Path) -> tuple[trainer.Run, TargetLoss]:
    torch.set_num_threads(1)
    model = add_adapter(tiny_base(), recipe.lora)
    batches = plan(PAIRS, recipe, tokenize, BOS)
    run = trainer.Run.start(model, batches, recipe, folder)
    return run, TargetLoss(model, range(96))


def losses(folder: Path) -> list[tuple[str, str]]:
    with (folder / "loss.csv").open(encoding="utf-8", newline="") as file:
        return [(row["step"], row["loss"]) for row in csv.DictReader(file)]


def train_all(recipe: Recipe, folder: Path, pause_at: int | None = None) -> None:
    """What the command does after loading; ``pause_at`` saves there and waits to be killed."""
    run, loss_of = new_run(recipe, folder)

    def stopped() -> bool:
        if pause_at is not None and run.step == pause_at:
            run.save()
        if pause_at is not None and run.step == pause_at + 5:
            (folder / "ready").touch()
            signal.pause()
        return False

    trainer.train(run, loss_of, device=torch.device("cpu"), stopped=stopped)


def test_a_killed_run_goes_on_as_if_nothing_had_happened(recipe: Recipe, tmp_path: Path) -> None:
    """kill -9 between two checkpoints: the resumed run takes the same steps, with the same losses, to the same end."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    whole.mkdir()
    killed.mkdir()
    train_all(recipe, whole)
    process = multiprocessing.get_context("spawn").Process(target=train_all, args=(recipe, killed, 23), daemon=True)
    process.start()
    try:
        wait_until(lambda: (killed / "ready").exists() or not process.is_alive(), "28 steps", timeout_s=120)
        assert process.is_alive(), "it ended by itself"
    finally:
        process.kill()
        process.join()
    assert len(losses(killed)) == 28
    train_all(recipe, killed)
    assert losses(killed) == losses(whole)
    assert len(losses(killed)) == 60
    ends = [torch.load(folder / "checkpoint.pt", weights_only=True)["adapter"] for folder in (whole, killed)]
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])


def test_training_lowers_the_loss(recipe: Recipe, tmp_path: Path) -> None:
    """The mean of the last steps is well under that of the first."""
    train_all(recipe, tmp_path)
    found = [float(loss) for _, loss in losses(tmp_path)]
    assert sum(found[-10:]) < 0.8 * sum(found[:10])


def test_a_start_of_another_shape_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    """Weights to begin with must be an adapter, of the recipe's rank and scale, with a weight for every layer."""
    with pytest.raises(ValueError, match="is not an adapter in peft's format"):
        add_adapter(tiny_base(), recipe.lora, tmp_path / "nothing")
    model = add_adapter(tiny_base(), recipe.lora)
    model.save_pretrained(str(tmp_path), save_embedding_layers=False)
    add_adapter(tiny_base(), recipe.lora, tmp_path)
    for shape in (Lora(rank=4, alpha=4), Lora(rank=2, alpha=4)):
        with pytest.raises(ValueError, match=r"has rank 4 and alpha 8\.0: the recipe's rank must be at least that"):
            add_adapter(tiny_base(), shape, tmp_path)
    weights = adapter_weights(model)
    del weights[min(weights)]
    with pytest.raises(ValueError, match="do not match"):
        load_adapter_weights(model, weights)


def test_a_start_of_a_lower_rank_is_widened(recipe: Recipe, tmp_path: Path) -> None:
    """A wider adapter begins with what the narrower one had learnt, and has room to learn more."""
    narrow = add_adapter(tiny_base(), recipe.lora)
    for name, weight in narrow.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.1)
    save_adapter(narrow, adapter_weights(narrow), tmp_path)
    wide = add_adapter(tiny_base(), Lora(rank=8, alpha=16), tmp_path)
    batch = to_batch([to_example(pair, recipe, tokenize, BOS) for pair in PAIRS[:4]], torch.device("cpu"))
    losses = [TargetLoss(model, range(96))(batch).item() for model in (narrow, wide)]
    # The narrow one was rounded to float16 on its way.
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert sum(weight.numel() for weight in trainer.trainable(wide)) == 2 * sum(
        weight.numel() for weight in trainer.trainable(narrow)
    )


def test_the_rate_rises_stays_and_falls(recipe: Recipe) -> None:
    """Over the warm-up it rises to its peak, stays there, and ends near nothing."""
    rates = [trainer.learning_rate(recipe.training, step, 60) for step in range(60)]
    assert rates[:3] == pytest.approx([1e-2 / 3, 2e-2 / 3, 1e-2])
    assert rates[3:20] == [1e-2] * 17
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[-1] == pytest.approx(1e-2 / 40)


def test_the_adapter_is_the_mean_of_the_last_steps(recipe: Recipe, tmp_path: Path) -> None:
    """What comes out lies between the weights of the steps, near the last ones, and is there at every checkpoint."""
    run, loss_of = new_run(recipe, tmp_path)
    seen: list[dict[str, Any]] = []

    def stopped() -> bool:
        seen.append({name: weight.detach().clone() for name, weight in adapter_weights(run.model).items()})
        return False

    trainer.train(run, loss_of, device=torch.device("cpu"), stopped=stopped)
    stopped()  # once more, for the last step
    mean = seen[0]
    for step, weights in enumerate(seen[1:], start=1):
        mean = {name: torch.lerp(mean[name], weights[name], 1 / min(step, 10)) for name in mean}
    written = load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    assert written.keys() == run.average.keys()
    assert all(torch.allclose(run.average[name], mean[name], atol=1e-3) for name in mean)
    assert all(torch.equal(written[name], run.average[name].half()) for name in written)


def test_bfloat16_learns_as_float32_does(recipe: Recipe, tmp_path: Path) -> None:
    """The base in the shorter format gives nearly the same losses; the adapter stays in float32."""
    short = recipe.model_copy(update={"training": recipe.training.model_copy(update={"precision": "bfloat16"})})
    found = []
    for wanted, dtype in ((recipe, torch.float32), (short, torch.bfloat16)):
        model = add_adapter(tiny_base().to(dtype), wanted.lora)
        assert {weight.dtype for weight in trainer.trainable(model)} == {torch.float32}
        folder = tmp_path / str(dtype)
        folder.mkdir()
        run = trainer.Run.start(model, plan(PAIRS, wanted, tokenize, BOS), wanted, folder)
        trainer.train(run, TargetLoss(model, range(96)), device=torch.device("cpu"), stopped=lambda: False)
        found.append([float(loss) for _, loss in losses(folder)])
    assert sum(found[1][-10:]) == pytest.approx(sum(found[0][-10:]), rel=0.1)


def test_a_pass_mixes_its_origins(recipe: Recipe) -> None:
    """So many pairs of each, each pair once before any comes again; an origin without pairs is an error."""
    other = [Pair(pair.fr, f"So {pair.en}", "back") for pair in PAIRS]
    passes = ({"human": 36, "back": 18}, {"back": 18})
    mixed = recipe.model_copy(update={"training": recipe.training.model_copy(update={"passes": passes})})
    batches = plan([*PAIRS, *other], mixed, tokenize, BOS)
    examples = [example for batch in batches for example in batch]
    assert len(examples) == 72
    assert len({example.target for example in examples}) == 72
    with pytest.raises(ValueError, match="wants pairs of the origin back"):
        plan(PAIRS, mixed, tokenize, BOS)


def test_another_recipe_does_not_resume(recipe: Recipe, tmp_path: Path) -> None:
    """A checkpoint belongs to its recipe and pairs."""
    train_all(recipe, tmp_path)
    other = recipe.model_copy(update={"training": recipe.training.model_copy(update={"seed": 21})})
    with pytest.raises(ValueError, match="another recipe or other pairs"):
        new_run(other, tmp_path)


def test_the_loss_is_that_of_the_translation_alone(recipe: Recipe) -> None:
    """It equals the model's own cross-entropy at the English positions, over the tokens in use, padding or not."""
    base = tiny_base()
    examples = [to_example(pair, recipe, tokenize, BOS) for pair in (PAIRS[0], PAIRS[16])]
    assert len({len(example) for example in examples}) == 2
    used = sorted({token for example in examples for token in example.target})
    assert len(used) < 96
    total = 0.0
    for example in examples:
        logits = base(torch.tensor([example.prompt + example.target])).logits[0]
        predicted = logits[len(example.prompt) - 1 : -1, used]
        targets = torch.tensor([used.index(token) for token in example.target])
        total += torch.nn.functional.cross_entropy(predicted, targets, reduction="sum").item()
    loss = TargetLoss(add_adapter(base, Lora(rank=4, alpha=8)), used)(to_batch(examples, torch.device("cpu")))
    assert loss.item() == pytest.approx(total / sum(len(example.target) for example in examples), rel=1e-5)


def test_the_fused_layers_give_peft_s_own_values_and_gradients(recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    """The faster forms change nothing but the speed."""
    batch = to_batch([to_example(pair, recipe, tokenize, BOS) for pair in PAIRS[:4]], torch.device("cpu"))

    def once(*, fused: bool) -> tuple[float, dict[str, Any]]:
        if not fused:
            monkeypatch.setattr("training.model.fuse", lambda model: None)
        torch.manual_seed(1)
        model = add_adapter(tiny_base(), Lora(rank=4, alpha=8))
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, std=0.1)
        loss = TargetLoss(model, range(96))(batch)
        loss.backward()
        return loss.item(), {name: p.grad for name, p in model.named_parameters() if p.grad is not None}

    (fused_loss, fused), (plain_loss, plain) = once(fused=True), once(fused=False)
    assert fused_loss == pytest.approx(plain_loss, rel=1e-6)
    assert fused.keys() == plain.keys()
    assert len(plain) == 2 * 7 * 2
    assert all(torch.allclose(fused[name], plain[name], rtol=1e-3, atol=1e-6) for name in plain)


def test_the_export_holds_every_weight_under_llama_cpp_s_name(recipe: Recipe, tmp_path: Path) -> None:
    """All halves of all layers, in 8 bits where their rows divide into blocks, with the scale that llama.cpp needs."""
    model = add_adapter(tiny_base(), recipe.lora)
    for weight in trainer.trainable(model):
        torch.nn.init.normal_(weight)
    model.save_pretrained(str(tmp_path / "adapter"), save_embedding_layers=False)
    export(tmp_path / "adapter", tmp_path / "adapter.gguf")
    reader = gguf.GGUFReader(tmp_path / "adapter.gguf")
    tensors = {tensor.name: tuple(tensor.shape) for tensor in reader.tensors}
    assert len(tensors) == 2 * 7 * 2
    # GGUF counts dimensions from the innermost: (in, rank) and (rank, out).
    assert tensors["blk.1.ffn_down.weight.lora_a"] == (64, 4)
    assert tensors["blk.1.ffn_down.weight.lora_b"] == (4, 32)
    stored = {tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    down = model.base_model.model.model.layers[1].mlp.down_proj
    first, second = down.lora_A["default"].weight.detach(), down.lora_B["default"].weight.detach()
    step = first.abs().max().item() / 127
    assert torch.from_numpy(stored["blk.1.ffn_down.weight.lora_a"]).sub(first).abs().max() <= step
    assert torch.equal(torch.from_numpy(stored["blk.1.ffn_down.weight.lora_b"]), second.half().float())
    assert reader.fields["adapter.lora.alpha"].contents() == 8
    assert reader.fields["adapter.type"].contents() == "lora"


def test_a_weight_that_llama_cpp_does_not_know_is_refused() -> None:
    """Nothing of an adapter is left out silently."""
    with pytest.raises(ValueError, match="no name for"):
        tensor_name("base_model.model.lm_head.lora_A.weight")
