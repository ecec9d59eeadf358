"""The English goes back into the structure of its document, or it is said that it does not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from depeche.article import ArticleResult, Options
from depeche.documents import SKELETON, Document, MarkdownSkeleton, SubtitleSkeleton, extra, read, rebuild
from depeche.documents.drafts import Fault
from depeche.documents.english import Paragraph, Sentence
from depeche.documents.markdown_out import written
from depeche.documents.marks import marks_of, shape_of
from depeche.documents.parsers.markdown import parse as parse_markdown
from depeche.documents.parsers.subtitles import parse as parse_subtitles
from depeche.documents.subtitles_out import cut
from depeche.errors import StructureLost, UnreadableDocument
from depeche.testing import make_result
from tasks.pipeline import Context, process
from tests.fakes import FakeTranslator, fake_engines

ENGLISH = {
    "Le pont": "The bridge",
    "Le pont *rouvre* lundi": "The bridge *reopens* on Monday",
    "Il **rouvre** lundi, dit [la mairie]": "It **reopens** on Monday, says [the town hall]",
    "Les *cars* passeront.": "The *coaches* will pass.",
    "Voir [le plan]": "See [the map]",
    "ou [l'avis]": "or [the notice]",
    "Appeler la mairie": "Call the town hall",
    "Lire la suite": "Read more",
    "On dit merci.": "We say thank you.",
    "Jour": "Day",
    "Lundi | mardi": "Monday | Tuesday",
    "Photo du pont": "Picture of the bridge",
    "Rue des Lilas": "Lilac Street",
    "Derrière la poste": "Behind the post office",
    "Selon la mairie.": "According to the town hall.",
    "Premier point": "1. First point",
    "Note": "# Note",
    "Le conseil a voté le budget de la ville, qui prévoit trente millions d'euros pour les écoles.": (
        "The council has voted the city’s budget, which sets aside thirty million euros for its schools."
    ),
    "Merci.": "Thank you.",
    "Vous partez ?": "Are you leaving?",
    "Non, je reste": "No, I am staying",
    "Bonjour à tous, dit-elle.": "“Hello everybody,” she says.",
    "Ah bon, oui.": "Yes.",
}

MARKDOWN = """\
---
title: "Le pont"
date: 2024-03-12
---

# Le pont *rouvre* lundi

Il **rouvre** lundi, dit [la mairie](https://val.example/a). Les *cars*
passeront.

1. Voir [le plan](plan.html "Plan") ou [l'avis].
   - [ ] **Appeler la mairie**
   - [x] [Lire la suite](https://val.example/b)[^1]

> On dit
> merci.

| Jour | `n` |
|------|:---:|
| Lundi \\| mardi | 3 |

![Photo du pont](pont.png)

Rue des Lilas\x20\x20
Derrière la poste

```python
print("bonjour")
```

<!-- rien -->

[^1]: Selon la mairie.

[l'avis]: https://val.example/avis
"""
ENGLISH_MARKDOWN = """\
---
title: "The bridge"
date: 2024-03-12
---

# The bridge *reopens* on Monday

It **reopens** on Monday, says [the town hall](https://val.example/a). The *coaches* will pass.

1. See [the map](plan.html "Plan") or [the notice][l'avis].
   - [ ] **Call the town hall**
   - [x] [Read more](https://val.example/b)[^1]

> We say thank you.

| Day | `n` |
|------|:---:|
| Monday \\| Tuesday | 3 |

![Picture of the bridge](pont.png)

Lilac Street\x20\x20
Behind the post office

```python
print("bonjour")
```

<!-- rien -->

[^1]: According to the town hall.

[l'avis]: https://val.example/avis
"""

SRT = """\
1
00:00:01,000 --> 00:00:03,500
<i>Le conseil a voté le budget
de la ville,</i>

2
00:00:03,600 --> 00:00:06,000 X1:40
qui prévoit trente millions d'euros
pour les écoles. Merci.

3
00:00:06,500 --> 00:00:09,000
- Vous partez ?
- <i>Non, je reste</i>

4
00:00:10,000 --> 00:00:12,000
♪ ♪
"""
ENGLISH_SRT = """\
1
00:00:01,000 --> 00:00:03,500
<i>The council has voted
the city’s budget,</i>

2
00:00:03,600 --> 00:00:06,000 X1:40
which sets aside thirty million
euros for its schools. Thank you.

3
00:00:06,500 --> 00:00:09,000
- Are you leaving?
- <i>No, I am staying</i>

4
00:00:10,000 --> 00:00:12,000
♪ ♪
"""
VTT = """\
WEBVTT - Le Val

STYLE
::cue { color: red }

NOTE Une remarque.

debut
00:01.000 --> 00:02.000 align:start
<v Anne Morin>Bonjour à tous,

00:02.000 --> 00:03.000
dit-elle.
"""
ENGLISH_VTT = VTT.replace("Bonjour à tous,", "“Hello everybody,”").replace("dit-elle.", "she says.")


def english(sentence: str, attempt: int = 0) -> str:
    """The sentence in English, word for word where the table does not know it. Names stand for addresses."""
    for french in sorted(ENGLISH, key=len, reverse=True):
        sentence = sentence.replace(french, ENGLISH[french])
    return sentence.replace(" ou ", " or ")


def worked(document: Document, translate: Callable[[str, int], str] = english) -> ArticleResult:
    """What a worker makes of it."""
    engines = fake_engines(FakeTranslator(translate, max_input_tokens=500))
    return process(document.article, Options(summary=False), engines, Context("1"))


@pytest.mark.parametrize(
    ("name", "french", "expected"),
    [
        ("pont.md", MARKDOWN, ENGLISH_MARKDOWN),
        ("conseil.srt", SRT, ENGLISH_SRT),
        ("bonjour.vtt", VTT, ENGLISH_VTT),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_document_comes_back_in_english(name: str, french: str, expected: str, newline: str) -> None:
    """Every mark, address, time, note, name and line of code stands where it stood, and only the French is English."""
    [document] = read(french.replace("\n", newline).encode(), name)
    told: list[str] = []
    assert document.skeleton
    kept = SKELETON.validate_json(SKELETON.dump_json(document.skeleton))
    assert rebuild(kept, worked(document), told.append) == expected.replace("\n", newline)
    assert told == []


@pytest.mark.parametrize(("name", "french"), [("pont.md", MARKDOWN), ("conseil.srt", SRT), ("bonjour.vtt", VTT)])
def test_without_a_translation_the_document_is_the_same(name: str, french: str) -> None:
    """What a worker leaves as it is stands where it stood: nothing is lost on the way."""
    [document] = read(french.encode(), name)
    assert document.skeleton
    result = worked(document)
    segments = [one.model_copy(update={"en": one.fr}) for one in result.segments]
    same = result.model_copy(update={"segments": segments, "title_en": document.article.title})
    rebuilt = rebuild(document.skeleton, same)
    assert re.sub(r"[\s>]+", " ", rebuilt).replace("[l'avis][l'avis]", "[l'avis]") == re.sub(r"[\s>]+", " ", french)


LOST = {
    "emphasis": ("Il **rouvre** lundi.", "It reopens on Monday.", "It reopens on Monday."),
    "half of it": ("Il **rouvre** lundi.", "It **reopens on Monday.", "It reopens on Monday."),
    "another": ("Il **rouvre** lundi.", "It _reopens_ on Monday.", "It reopens on Monday."),
    "a link": (
        "Selon [la mairie](a.html), il rouvre.",
        "According to the town hall, it reopens.",
        "According to the town hall, it reopens. ([la mairie](a.html))",
    ),
    "its text": (
        "Selon [la mairie](a.html), il rouvre.",
        "According to the [(a.html)] town hall, it reopens.",
        "According to the town hall, it reopens. ([la mairie](a.html))",
    ),
    "code": ("Tapez `ls -l` ici.", "Type this here.", "Type this here. (`ls -l`)"),
    "a picture": ("Voir ![le pont](p.png) ici.", "See here.", "See here. (![le pont](p.png))"),
    "one sentence": (
        "Il **rouvre** lundi. Les *cars* passeront.",
        "It reopens on Monday. The *coaches* will pass.",
        "It reopens on Monday. The *coaches* will pass.",
    ),
    "over sentences": (
        "Il **rouvre lundi. Les cars** passeront.",
        "It **reopens on Monday. The coaches will pass.",
        "It reopens on Monday. The coaches will pass.",
    ),
}


@pytest.mark.parametrize(("french", "given", "expected"), LOST.values(), ids=LOST)
def test_marks_that_the_model_lost_are_told_and_links_are_kept(french: str, given: str, expected: str) -> None:
    """Such a paragraph has no half marks: its sentence is plain, with its links, pictures and code at the end."""
    [document] = read(f"# Le pont\n\n{french}\n".encode(), "a.md")
    assert document.skeleton
    result = worked(document, lambda sentence, attempt: sentence)
    sentences = re.split(r"(?<=\.) (?=[A-Z])", given)
    segments = [one.model_copy(update={"en": en}) for one, en in zip(result.segments, sentences, strict=True)]
    told: list[str] = []
    rebuilt = rebuild(document.skeleton, result.model_copy(update={"segments": segments}), told.append)
    assert rebuilt == f"# Le pont\n\n{expected}\n"
    assert told == ["line 3: the model did not keep the emphasis or the links of this paragraph in their places"]


MENDED = {
    "a space before the address": (
        "Voir [le plan](plan.html).", "See [the map] (plan.html).", "See [the map](plan.html)."
    ),
    "one star for two": ("Voir *le pont* et **la gare**.", "See *the bridge* and *the station**.",
                         "See *the bridge* and **the station**."),
    "the last stars": ("Il coûte **un million**.", "It costs **a million.", "It costs **a million**."),
    "the last stars, of two": ("Voir *le pont*, **la gare** !", "See *the bridge*, **the station!",
                               "See *the bridge*, **the station**!"),
}  # fmt: skip


@pytest.mark.parametrize(("french", "given", "expected"), MENDED.values(), ids=MENDED)
def test_small_slips_of_models_are_mended(french: str, given: str, expected: str) -> None:
    """Where it is plain what was meant, and the marks are then those of the French."""
    [document] = read(f"# Le pont\n\n{french}\n".encode(), "a.md")
    assert document.skeleton
    result = worked(document)
    segments = [result.segments[0].model_copy(update={"en": given})]
    rebuilt = rebuild(document.skeleton, result.model_copy(update={"segments": segments}), pytest.fail)
    assert rebuilt.splitlines()[-1] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("# Note", "\\# Note"),
        ("1. First", "1\\. First"),
        ("- That", "\\- That"),
        ("> That", "\\> That"),
        ("```That", "\\```That"),
        ("#1 of all", "#1 of all"),
        ("1.5 million", "1.5 million"),
    ],
)
def test_english_that_would_be_another_block_is_escaped(given: str, expected: str) -> None:
    """A paragraph stays a paragraph."""
    [document] = read(b"# Titre\n\nPremier point\n", "a.md")
    assert document.skeleton
    result = worked(document)
    segments = [result.segments[0].model_copy(update={"en": given})]
    rebuilt = rebuild(document.skeleton, result.model_copy(update={"segments": segments}))
    assert rebuilt.splitlines()[-1] == expected


def test_english_that_would_change_the_structure_is_refused() -> None:
    """An HTML block would swallow what follows. The error has the English without structure."""
    [document] = read(b"# Titre\n\nPremier point\n\nSuite.\n", "a.md")
    assert document.skeleton
    result = worked(document)
    segments = [result.segments[0].model_copy(update={"en": "<!-- never closed"}), *result.segments[1:]]
    with pytest.raises(StructureLost, match="would change the structure") as caught:
        rebuild(document.skeleton, result.model_copy(update={"segments": segments}))
    assert caught.value.detail["text"] == result.text_en


@pytest.mark.parametrize(("name", "french"), [("pont.md", MARKDOWN), ("conseil.srt", SRT)])
def test_the_result_of_another_document_is_refused(name: str, french: str) -> None:
    """Too few paragraphs, other words, another title: nothing is put in a wrong place."""
    [document] = read(french.encode(), name)
    assert document.skeleton
    result = worked(document)
    other = [one.model_copy(update={"fr": one.fr + " Ou non."}) for one in result.segments]
    for wrong in (
        make_result(document.article, "The bridge reopens.", title="The bridge"),
        result.model_copy(update={"segments": result.segments[:-1]}),
        result.model_copy(update={"segments": other}),
        result.model_copy(update={"segments": []}),
    ):
        with pytest.raises(StructureLost) as caught:
            rebuild(document.skeleton, wrong)
        assert caught.value.detail["text"] == wrong.text_en
        assert "use the English as plain text" in caught.value.message


def test_another_title_is_refused() -> None:
    """The title is not among the segments."""
    [document] = read(MARKDOWN.encode(), "a.md")
    assert document.skeleton
    for update in ({"title_fr": "La gare"}, {"title_en": None}):
        with pytest.raises(StructureLost, match="title"):
            rebuild(document.skeleton, worked(document).model_copy(update=update))


def test_markdown_is_not_rebuilt_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read on one machine may be written on another."""
    [document] = read(MARKDOWN.encode(), "a.md")
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    assert document.skeleton
    with pytest.raises(UnreadableDocument, match="pip install"):
        rebuild(document.skeleton, worked(document))


@given(
    st.lists(st.sampled_from("mot long, et. phrase; très a".split()), max_size=12).map(" ".join),
    st.lists(st.integers(1, 50), min_size=1, max_size=8),
)
def test_a_sentence_is_cut_between_words(text: str, lengths: list[int]) -> None:
    """Nothing is lost, the order stays, and no part is empty as long as there are words enough."""
    parts = cut(text, lengths)
    assert len(parts) == len(lengths)
    assert " ".join(part for part in parts if part).split() == text.split()
    assert sum(1 for part in parts if part) >= min(len(lengths), len(text.split()))


def test_a_cue_without_words_left_keeps_its_times() -> None:
    """One word cannot stand in two cues."""
    french = "1\n00:00:01,000 --> 00:00:02,000\nAh bon,\n\n2\n00:00:02,000 --> 00:00:03,000\noui.\n"
    [document] = read(french.encode(), "a.srt")
    assert document.skeleton
    assert rebuild(document.skeleton, worked(document)) == french.replace("Ah bon,", "Yes.").replace("oui.", "")


_MARKDOWN_PIECES = st.sampled_from(
    ["mot", "Le pont ", "*", "**", "_", "`", "[", "](a)", "]", "\n", "\n\n", "- ", "> ", "# ", "| a | b |\n|--|--|\n",
     "1. ",     "    ", "\t", "<b>", "\\", "![", "---\n", "```\n", "[a]: b\n", "é", " "]
)  # fmt: skip
_CUE_PIECES = st.sampled_from(
    ["1\n", "00:01.000 --> 00:02.000\n", "00:00:01,000 --> 00:00:02,000\n", "mot", "\n", "\n\n", "- ", "<i>", "</i>",
     ". ",     "WEBVTT\n", "{\\an8}", "…", " ", "Le pont"]
)  # fmt: skip


@given(st.lists(_MARKDOWN_PIECES, max_size=40).map("".join))
def test_any_markdown_is_read_and_its_slots_are_where_their_text_is(text: str) -> None:
    """Slots are in order and apart, and a document whose slots keep their text has the same blocks and marks."""

    try:
        (draft,) = parse_markdown(text.encode())
    except Fault:
        return
    assert isinstance(draft.skeleton, MarkdownSkeleton)
    slots = [*([draft.skeleton.title] if draft.skeleton.title else []), *draft.skeleton.slots]
    ends = [0, *(slot.end for slot in slots)]
    assert all(end <= slot.start < slot.end for end, slot in zip(ends, slots, strict=False))
    same = [Paragraph(slot.text, (Sentence(slot.text, slot.text, 0, len(slot.text)),)) for slot in slots]
    document = written(draft.skeleton, same, pytest.fail)
    assert document is not None
    assert shape_of(document) == shape_of(draft.skeleton.source)


@given(st.lists(_CUE_PIECES, max_size=40).map("".join))
def test_any_subtitles_are_read_and_come_back(text: str) -> None:
    """Lines are in order and apart, and each share of a passage is the text of its line."""

    try:
        (draft,) = parse_subtitles(text.encode())
    except Fault:
        return
    skeleton = draft.skeleton
    assert isinstance(skeleton, SubtitleSkeleton)
    ends = [0, *(line.end for line in skeleton.lines)]
    assert all(end <= line.start < line.end for end, line in zip(ends, skeleton.lines, strict=False))
    shares = [share for passage in skeleton.passages for share in passage.shares]
    assert [share.line for share in shares] == list(range(len(skeleton.lines)))
    for passage in skeleton.passages:
        for share in passage.shares:
            line = skeleton.lines[share.line]
            inner = skeleton.source[line.start + len(line.before) : line.end - len(line.after)]
            assert passage.text[share.start : share.end] == " ".join(re.sub(r"<.*?>|\{.*?\}", "", inner).split())


def test_marks_are_told_apart() -> None:
    """What is counted of a paragraph."""
    assert marks_of("**a** *b* `c` [d](e) ![f](g) <b>h</b> *", {}) == {
        ("strong_open", ""): 1,
        ("em_open", ""): 1,
        ("code_inline", "c"): 1,
        ("link_open", "e"): 1,
        ("image", "g"): 1,
        ("html_inline", "<b>"): 1,
        ("html_inline", "</b>"): 1,
        ("*", ""): 1,
    }
