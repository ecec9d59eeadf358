"""Batches of tokens: cut from the pairs in an order that only the recipe's seed decides."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from training.pairs import Pair
from training.recipe import Recipe

Tokenize = Callable[[str], list[int]]


@dataclass(frozen=True)
class Example:
    """Token ids of the prompt, the beginning mark included, and of the translation with its line end."""

    prompt: tuple[int, ...]
    target: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


@dataclass(frozen=True)
class Batch:
    """What one step learns from.

    Attributes:
        tokens: ids, padded on the right with 0; shape (pairs, longest).
        predicts: True where the next token is one of the translation; same shape.
        targets: the translations' tokens, one pair after another; shape (number of True in ``predicts``,).
    """

    tokens: torch.Tensor
    predicts: torch.Tensor
    targets: torch.Tensor


def to_example(pair: Pair, recipe: Recipe, tokenize: Tokenize, bos: int) -> Example:
    """The pair as the worker's prompt, and as what is to be written after it."""
    prompt = tokenize(f"{recipe.prompt.before}{pair.fr}{recipe.prompt.after}")
    return Example((bos, *prompt), tuple(tokenize(f" {pair.en}\n")))


def plan(pairs: Sequence[Pair], recipe: Recipe, tokenize: Tokenize, bos: int) -> list[list[Example]]:
    """All batches of all passes in order, as lists of examples; the same for the same pairs and recipe.

    A pass goes on in each origin where the one before ended, and begins again when all of its pairs were used.

    Raises:
        ValueError: a pass wants pairs of an origin that has none.
    """
    shuffle = random.Random(recipe.training.seed)  # noqa: S311  # an order, not a secret
    examples = {
        origin: _examples([pair for pair in pairs if pair.origin == origin], recipe, tokenize, bos)
        for origin in sorted({origin for part in recipe.training.passes for origin in part})
    }
    for origin, found in examples.items():
        if not found:
            raise ValueError(f"the recipe wants pairs of the origin {origin}, and none are left after cleaning")
        shuffle.shuffle(found)
    order = {origin: itertools.cycle(found) for origin, found in examples.items()}
    batches: list[list[Example]] = []
    for part in recipe.training.passes:
        mix = [example for origin, count in part.items() for example in itertools.islice(order[origin], count)]
        shuffle.shuffle(mix)
        batches += _bucketed(mix, recipe, shuffle)
    return batches


def to_batch(examples: Sequence[Example], device: torch.device) -> Batch:
    """Pad the examples to the longest.

    Padding needs no mask: it stands behind everything that is predicted, and no token sees what follows it.
    """
    longest = max(map(len, examples))
    tokens = torch.zeros(len(examples), longest, dtype=torch.long)
    predicts = torch.zeros(len(examples), longest, dtype=torch.bool)
    for row, example in enumerate(examples):
        tokens[row, : len(example)] = torch.tensor(example.prompt + example.target)
        predicts[row, len(example.prompt) - 1 : len(example) - 1] = True
    targets = torch.tensor([token for example in examples for token in example.target])
    return Batch(tokens.to(device), predicts.to(device), targets.to(device))


def _examples(pairs: Sequence[Pair], recipe: Recipe, tokenize: Tokenize, bos: int) -> list[Example]:
    examples = (to_example(pair, recipe, tokenize, bos) for pair in pairs)
    return [example for example in examples if len(example) <= recipe.pairs.most_tokens]


def _bucketed(examples: Sequence[Example], recipe: Recipe, shuffle: random.Random) -> list[list[Example]]:
    size = recipe.training.batch_pairs
    bucket = size * recipe.training.bucket_batches
    batches = []
    for start in range(0, len(examples), bucket):
        ordered = sorted(examples[start : start + bucket], key=len)
        batches += [list(ordered[at : at + size]) for at in range(0, len(ordered), size)]
    shuffle.shuffle(batches)
    return batches
