"""The articles that the checkpoints know, and the folders that come with the project."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tasks.checks import check
from tasks.segment import segment
from tests.checkpoints.articles import ARTICLES, PAIRS, NewsArticle

HERE = Path(__file__).parent
MARIAN_FILES = {
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "source.spm",
    "target.spm",
    "tokenizer_config.json",
    "vocab.json",
}
BART_FILES = {"config.json", "merges.txt", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.json"}
LARGEST_BYTES = 1_900_000

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITALISED = re.compile(r"(?<![.!?] )(?<!\A)\b[A-Z]\w+")

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.title.english)


def test_there_is_enough_to_translate() -> None:
    """Twelve articles of a title and ten sentences, no French sentence twice."""
    assert [len(article.sentences) for article in ARTICLES] == [10] * 12
    assert len({pair.french for pair in PAIRS}) == len(PAIRS) == 132


def test_no_pair_is_flagged() -> None:
    """The checks find nothing wrong with the translations that the checkpoints write."""
    assert {pair.english: flags for pair in PAIRS if (flags := check(pair.french, pair.english))} == {}


@each_article
@pytest.mark.parametrize("separator", [" ", "\n\n"])
def test_articles_are_cut_into_the_sentences_of_the_table(article: NewsArticle, separator: str) -> None:
    """On one line or a paragraph each, the segmenter gives the very sentences that the checkpoint knows."""
    sentences = [pair.french for pair in article.sentences]
    assert [found.text for found in segment(separator.join(sentences)).sentences] == sentences


@each_article
def test_summaries_add_no_number_and_no_name(article: NewsArticle) -> None:
    """Every number and every capitalised word within a summary's sentences stands in the article; no sentence does."""
    for pattern in (_NUMBER, _CAPITALISED):
        assert set(pattern.findall(article.summary)) <= set(re.findall(r"[\w.,]*\w", article.english))
    assert not any(pair.english in article.summary for pair in article.sentences)


@pytest.mark.parametrize(("name", "files"), [("marian", MARIAN_FILES), ("bart", BART_FILES)])
def test_the_folders_are_whole(name: str, files: set[str]) -> None:
    """Each folder has the files of its like on the hub, and no others."""
    assert {file.name for file in (HERE / name).iterdir()} == files


def test_the_folders_are_small() -> None:
    """Both together stay under 1.9 MB, so that they can be kept with the code."""
    assert (
        sum(file.stat().st_size for file in HERE.glob("*/*") if file.parent.name in ("marian", "bart")) < LARGEST_BYTES
    )


def test_marian_vocabulary_begins_and_ends_as_opus_mt() -> None:
    """``</s>`` is 0, ``<unk>`` 1, ``<pad>`` the last and the decoder's start."""
    vocabulary = json.loads((HERE / "marian" / "vocab.json").read_text(encoding="utf-8"))
    config = json.loads((HERE / "marian" / "config.json").read_text(encoding="utf-8"))
    assert sorted(vocabulary.values()) == list(range(config["vocab_size"]))
    assert (vocabulary["</s>"], vocabulary["<unk>"]) == (0, 1)
    assert vocabulary["<pad>"] == config["pad_token_id"] == config["decoder_start_token_id"] == len(vocabulary) - 1


def test_bart_special_tokens_are_distilbarts() -> None:
    """The first four ids are BART's, and the tokenizer's last, ``<mask>``, is beyond the model's vocabulary."""
    vocabulary = json.loads((HERE / "bart" / "vocab.json").read_text(encoding="utf-8"))
    config = json.loads((HERE / "bart" / "config.json").read_text(encoding="utf-8"))
    assert [vocabulary[token] for token in ("<s>", "<pad>", "</s>", "<unk>")] == [0, 1, 2, 3]
    assert vocabulary["<mask>"] == config["vocab_size"]
    assert (config["forced_bos_token_id"], config["num_beams"], config["no_repeat_ngram_size"]) == (0, 4, 3)
