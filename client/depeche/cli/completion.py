"""The command that makes a shell complete our commands and options: ``depeche completion``."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from depeche.cli.groups import examples
from depeche.output import say


@click.command(
    epilog=examples(
        "depeche completion bash > ~/.local/share/bash-completion/completions/depeche",
        'eval "$(depeche completion zsh)"    # in ~/.zshrc',
        "depeche completion fish > ~/.config/fish/completions/depeche.fish",
    )
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands and options."""
    root = ctx.find_root()
    kind = get_completion_class(shell)
    assert kind is not None, "click has a class for each of these shells"
    say(kind(root.command, {}, "depeche", "_DEPECHE_COMPLETE").source())
