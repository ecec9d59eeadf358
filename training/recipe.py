"""The recipe: every setting of the training, from one TOML file."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

RECIPE = Path(__file__).with_name("recipe.toml")

Origin = Literal["human", "distilled", "back", "tatoeba", "caption"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prompt(_Section):
    """The marks around a French sentence."""

    before: str
    after: str


class PairRules(_Section):
    """Limits of the cleaning; lengths in words, tokens (both sides together) and characters."""

    least_words: int = Field(ge=1)
    most_words: int
    most_tokens: int
    least_ratio: float
    most_ratio: float
    most_copied: float = Field(gt=0, le=1)
    least_agreement: float = Field(ge=0, le=100)


class Lora(_Section):
    """Shape of the adapter: what it adds is scaled by ``alpha / rank``."""

    rank: int = Field(ge=1)
    alpha: float = Field(gt=0)


class Training(_Section):
    """Order of the pairs and the optimiser's (AdamW) settings.

    Attributes:
        passes: how many pairs of each origin are learnt, in one shuffled mix for each pass.
        cooldown_steps: over so many last steps the learning rate falls linearly to nothing.
        average_steps: the adapter is the mean of the weights of about so many last steps (exponentially weighted).
        precision: number format of the base and of what passes through it; the adapter itself is always float32.
    """

    passes: tuple[dict[Origin, PositiveInt], ...] = Field(min_length=1)
    batch_pairs: int = Field(ge=1)
    bucket_batches: int = Field(ge=1)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    cooldown_steps: int = Field(ge=1)
    average_steps: int = Field(ge=1)
    precision: Literal["float32", "bfloat16"]
    weight_decay: float = Field(ge=0)
    betas: tuple[float, float]
    largest_gradient_norm: float = Field(gt=0)
    seed: int


class Recipe(_Section):
    """The whole file."""

    prompt: Prompt
    pairs: PairRules
    lora: Lora
    training: Training

    def digest(self) -> str:
        """Tells one recipe from another."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def load_recipe(path: Path = RECIPE) -> Recipe:
    """Read and check a recipe.

    Raises:
        pydantic.ValidationError: a setting is missing, unknown or out of its bounds.
    """
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
