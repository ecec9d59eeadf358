"""What every command does: it helps with examples, completes in a shell, and names a misspelt variable."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from config.settings import Settings
from depeche.cli import groups, main
from depeche.settings import OTHERS, PREFIX, ClientSettings, unknown_variables
from worker.cli import main as worker_main


def commands(command: click.Command, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Each command of a tree with the words by which it is called."""
    yield names, command
    if isinstance(command, click.Group):
        with click.Context(command) as ctx:
            for name in command.list_commands(ctx):
                child = command.get_command(ctx, name)
                assert child is not None
                yield from commands(child, *names, name)


ALL = dict([*commands(main, "depeche"), *commands(worker_main, "depeche-worker")])


def shown_examples(names: tuple[str, ...]) -> list[str]:
    """The lines under Examples in a command's help."""
    root = main if names[0] == "depeche" else worker_main
    done = CliRunner().invoke(root, [*names[1:], "-h"])
    assert done.exit_code == 0, done.output
    _, _, after = done.output.partition("\n  Examples:\n")
    return [line.strip() for line in after.splitlines() if line.strip()]


def calls(line: str) -> list[list[str]]:
    """The calls of our commands in a line of shell: their words, without what is the shell's."""
    line = re.sub(r'^eval "\$\((.*)\)"', r"\1", re.sub(r"\s+# .*", "", line))
    parts = [re.sub(r"(^|\s)[A-Z_]+=\S+\s|[<>] \S+", " ", part) for part in re.split(r"\s\|\s", line)]
    return [words for part in parts if (words := shlex.split(part))[0] in {"depeche", "depeche-worker"}]


def take(names: tuple[str, ...], words: list[str]) -> None:
    """Have a command read its words, which raises what is wrong with them. Nothing is run."""
    parent = click.Context(main, help_option_names=["-h", "--help"])
    ALL[names].make_context(names[-1], list(words), parent=parent)


@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_every_command_has_examples_that_it_takes(names: tuple[str, ...]) -> None:
    """Each example is one line, calls that very command, and its words are taken by it."""
    lines = shown_examples(names)
    assert lines, "no examples"
    called = [words for line in lines for words in calls(line)]
    assert any(tuple(words[: len(names)]) == names for words in called)
    for words in called:
        if "COMMAND" in words:
            continue
        own = max((known for known in ALL if tuple(words[: len(known)]) == known), key=len)
        take(own, words[len(own) :])


@pytest.mark.parametrize("line", ["depeche status", "depeche wait x --timeout soon", "depeche stats --jsn"])
def test_an_example_that_is_wrong_is_found(line: str) -> None:
    """The test above can fail."""
    (words,) = calls(line)
    with pytest.raises(click.UsageError):
        take(tuple(words[:2]), words[2:])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_the_shell(shell: str) -> None:
    """It asks our own command what may come next."""
    done = CliRunner().invoke(main, ["completion", shell])
    assert done.exit_code == 0
    assert f"_DEPECHE_COMPLETE={shell}_complete" in done.output
    assert CliRunner().invoke(main, ["completion", "tcsh"]).exit_code == 2


def test_ctrl_c_gives_130_and_says_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a command that says nothing of its own, and in one that does."""
    for stop, line in (
        (KeyboardInterrupt(), "depeche: stopped by Ctrl-C; what was queued before stays queued\n"),
        (groups.Interrupted("stopped after 3"), "depeche: stopped after 3\n"),
    ):

        def command(raised: KeyboardInterrupt = stop) -> None:
            raise raised

        monkeypatch.setitem(main.commands, "stats", click.Command("stats", callback=command))
        done = CliRunner().invoke(main, ["stats"])
        assert (done.exit_code, done.stderr) == (130, line)


def test_a_misspelt_variable_is_named_by_the_command() -> None:
    """With what was meant; the command runs all the same. Those of a worker are passed over."""
    environment = {"DEPECHE_REDIS_ULR": "redis://h", "DEPECHE_CONCURRENCY": "2", "DEPECHE_PROFIL": "echo"}
    done = CliRunner().invoke(main, ["completion", "bash"], env=environment)
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "depeche: DEPECHE_PROFIL is not a setting of this version; did you mean DEPECHE_PROFILE?",
        "depeche: DEPECHE_REDIS_ULR is not a setting of this version; did you mean DEPECHE_REDIS_URL?",
    ]


def test_producers_know_the_names_of_all_workers_variables() -> None:
    """A new setting of a worker's is no misspelt one of a producer's."""
    workers = {PREFIX + name.upper() for name in set(Settings.model_fields) - set(ClientSettings.model_fields)}
    assert set(OTHERS) == workers | {"DEPECHE_VERSION", "DEPECHE_WEBHOOK_SECRET"}
    assert unknown_variables(dict.fromkeys([*OTHERS, "PATH", "_DEPECHE_COMPLETE"], "x")) == []
