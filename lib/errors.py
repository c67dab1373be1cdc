"""Every error that a user can meet, each with the exit code that it ends the program with.

    YaguraError
    ├── ConfigError          1  a cluster file or a command line that cannot be used
    ├── BuildError           1  an app asks a construct for something that cannot be right
    ├── FindingsError        2  the generated objects break a rule (schema, identity, size, ...)
    ├── DriftError           3  dist/ is not what the sources say
    ├── EnvironmentFault     4  the machine is in the way: no node, no disk, another run
    └── InternalError        5  a bug of ours

A message says where (file:line or construct path), which rule, what was given and what would be
right. Where several things are wrong at once, ``problems`` holds one line for each.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not typing's: this module is imported by every run, and that one is slow
if TYPE_CHECKING:
    from collections.abc import Sequence


class YaguraError(Exception):
    """The root of all errors that are told to the user in one line per problem.

    Args:
        problems: One line, or several; each complete in itself.
    """

    exit_code = 5

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (
            (problems,) if isinstance(problems, str) else tuple(problems)
        )
        super().__init__("\n".join(self.problems))


class ConfigError(YaguraError):
    """A cluster file or a command line cannot be used as it is."""

    exit_code = 1


class BuildError(YaguraError):
    """An app asks a construct for something that cannot be right."""

    exit_code = 1


class FindingsError(YaguraError):
    """The generated objects break a rule."""

    exit_code = 2


class DriftError(YaguraError):
    """dist/ differs from what the sources say."""

    exit_code = 3


class EnvironmentFault(YaguraError):
    """The machine is in the way; the same command may work later."""

    exit_code = 4


class InternalError(YaguraError):
    """A bug of yagura's own."""

    exit_code = 5
