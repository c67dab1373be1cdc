"""The command line's words: every command, option and help text."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

DESCRIPTION = """\
yagura compiles clusters/*.yaml and apps/*.py into dist/, which Argo CD applies.

A day with it:
  yagura new app NAME    write a small app
  yagura synth           bring dist/ up to date, then look at `git diff dist/`
  yagura synth --check   see whether dist/ is up to date, and write nothing
  yagura check           judge dist/, or any manifests: yagura check PATH
  yagura explain ID      read why a rule is there, and how to keep it
  yagura order           see in which order the cluster comes up
  yagura apps            see what is in it
  yagura secrets         see what has to be in Vault
  yagura where KIND/NAME find the file and the Python line of an object
  yagura infra           see the machines, their cost, and whether dist/ fits Terraform's plan
"""
EXIT_CODES = """\
exit codes: 0 ok, 1 usage or configuration, 2 findings, 3 dist/ differs, 4 the machine is in the
way, 5 a bug of yagura's
"""


class Parser(argparse.ArgumentParser):
    """Ends with 1, our code for a wrong command line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, and where the help is."""
        self.exit(1, f"yagura: {message} (see {self.prog} --help)\n")


def parsed(given: Sequence[str]) -> argparse.Namespace:
    """Parse the words after the program's name; wrong ones end the program with 1."""
    parser = Parser(
        prog="yagura",
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _synth(_command(commands, "synth", "bring dist/ up to date", "yagura synth --check"))
    where = _command(
        commands,
        "where",
        "object -> file in dist/ -> Python line",
        "yagura where deployment/whoami/web",
    )
    where.add_argument("object", metavar="KIND/[NAMESPACE/]NAME")
    apps = _command(commands, "apps", "a table of all apps", "yagura apps")
    apps.add_argument("--cluster", metavar="NAME", help="this cluster alone")
    new = _command(commands, "new", "write a new app", "yagura new app guestbook")
    new.add_argument("what", choices=["app"])
    new.add_argument("name", metavar="NAME", help="its module, namespace and host")
    _check(_command(commands, "check", "judge dist/, or any manifests", "yagura check dist"))
    explain = _command(commands, "explain", "what a rule wants, and why", "yagura explain W03")
    explain.add_argument("rule", metavar="ID", nargs="?", help="without it: all rules, by title")
    explain.add_argument("--all", action="store_true", help="all of it, as docs/policies.md")
    _infra(_command(commands, "infra", "machines, cost, Terraform's plan", "yagura infra"))
    _order(_command(commands, "order", "what comes up when, and after what", "yagura order"))
    _secrets(_command(commands, "secrets", "what has to be in Vault, and why", "yagura secrets"))
    return parser.parse_args(list(given) or ["--help"])


def _command(
    commands: argparse._SubParsersAction[Parser], name: str, summary: str, example: str
) -> Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example: {example}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _check(check: Parser) -> None:
    check.description = (
        "Judge manifests: files, schemas, policy, references, order, secrets, exceptions.\n"
        "Without PATH: dist/, with the Python line of each finding, and whether a fresh synth\n"
        "makes the same. With PATH: any files or folders of YAML and JSON."
    )
    add = check.add_argument
    add("paths", metavar="PATH", nargs="*", type=Path, help="files or folders of manifests")
    add("--cluster", metavar="NAME", help="this cluster alone")
    add("--rules", metavar="ID,...", default="", help="these rules, or families by letter, alone")
    add("--output", choices=["text", "json", "github", "sarif"], default="text")
    add("--kubernetes", metavar="X.Y", default="1.36", help="the version they are for")
    add("--as-of", metavar="DATE", help="the day on which exceptions have to be valid (today, UTC)")
    add("--exceptions", action="store_true", help="list all exceptions from rules")
    add("--no-cache", action="store_true", help="judge everything anew")


def _order(order: Parser) -> None:
    order.description = (
        "Print the stages in which a cluster comes up, from dist/ as it is: what waits for what,\n"
        "by real references, and who does it: RKE2, somebody by hand, or Argo CD in a wave."
    )
    order.add_argument("--cluster", metavar="NAME", help="this cluster alone")
    order.add_argument("--output", choices=["text", "json"], default="text")


def _secrets(secrets: Parser) -> None:
    secrets.description = (
        "List every placeholder in dist/ by its path in Vault: key, app, object, field, and the\n"
        "Python line that made it. Whoever fills Vault goes by it; no value is known here."
    )
    secrets.add_argument("--cluster", metavar="NAME", help="this cluster alone")
    secrets.add_argument("--output", choices=["text", "json"], default="text")


def _synth(synth: Parser) -> None:
    synth.description = (
        "Build every cluster's objects, check them, and make dist/ hold exactly these.\n"
        "Whatever fails, dist/ stays as it was."
    )
    add = synth.add_argument
    add("--cluster", metavar="NAME", help="this cluster alone; the others stay as they are")
    add("--check", action="store_true", help="write nothing; print the difference and exit 3")
    add("--output", metavar="DIR", type=Path, help="write to DIR instead of dist/")
    add("--no-cache", action="store_true", help="make everything anew")
    add("--allow-shrink", action="store_true", help="let a cluster lose more than half its files")
    add("--delete-unknown", action="store_true", help="delete files that yagura did not write")


def _infra(infra: Parser) -> None:
    infra.description = (
        "Show the machines and what they cost a month, and compare dist/ with Terraform's plan.\n"
        "Without --plan, terraform plans terraform/modules/plan, which needs no account; where\n"
        "there is no terraform, dist/ is compared with the cluster file alone."
    )
    add = infra.add_argument
    add("--cluster", metavar="NAME", help="this cluster alone")
    add("--plan", metavar="FILE", type=Path, help="what `terraform show -json PLANFILE` printed")
    add("--output", choices=["text", "json"], default="text")
