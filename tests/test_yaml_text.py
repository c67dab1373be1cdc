"""What is written reads back as the same object, whoever reads it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lib import values, yaml_text

if TYPE_CHECKING:
    from collections.abc import Callable

GO_PROGRAM = Path(__file__).parent / "goyaml"

# Texts that one reader or the other takes for something else, or for nothing.
_WORDS = (
    "yes no on off y n Y N Yes NO On OFF true false True FALSE null Null NULL ~ = << "
    "none None e E nan .nan .NaN inf .inf -.inf +.Inf infinity 0 1 -1 +1 -0 00 010 08 "
    "0o17 0x1f 0xG 0b101 1_000 _1 1. .5 1.5 1e3 1E3 1e+3 1.0e-5 1e 1:30 1:30:00 -1:30 "
    "190:20:30 2024-01-01 2024-01-01T00:00:00Z - -- --- ... ? : :: a: :a a:b - ! !! !x "
    "!!str & &a * *a # a# % %a @ @a ` | > { } [ ] {} [] {a [a , a, \" ' '' \\ \\n a\\ "
    "10m 1Gi 4k 0m 01Gi 1.5Gi 12e3 1s . .. / // //a http:// http://a:1 a=b =a <<: k8s "
    "v1 v1.2.3 1.2.3 sha256:0a 1e5f9 12e45678 0.0.0.0/0 203.0.113.10 ::1 fe80::1 日本 "
    "émoji 🎉"
)
HOSTILE = [
    *_WORDS.split(),
    "",
    " ",
    " a",
    "a ",
    "a b",
    "a  b",
    "a #b",
    "a # b",
    "a: b",
    "a :b",
    "- a",
    "? a",
    "2024-01-01 00:00:00",
    "a\tb",
    "\ta",
    "a\t",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b",
    "a\nb",
    "a\nb\n",
    "a \nb",
    "a\n\nb\n",
    "a\n---\nb\n",
    "a\n...\nb\n",
    "# a\nb\n",
    "a:\n  - b\n",
    "- a\n- b\n",
    "a\n\tb\n",
    "!!python/object:os.system {}",
    "%YAML 1.2",
    "x" * 5000,
    "word " * 500,
    "e\u0301",
    "\u00a0",
    "\u05d0\u05d1",
]


def _pure(text: str) -> Any:
    return yaml.load(text, Loader=yaml.SafeLoader)


def _fast(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _ruamel(text: str) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(io.StringIO(text))


READERS: dict[str, Callable[[str], Any]] = {
    "PyYAML with libyaml": _fast,
    "PyYAML alone": _pure,
    "ruamel.yaml as YAML 1.2": _ruamel,
    "our own": yaml_text.load,
}


def exact(value: Any) -> str:
    """Give a text that tells True from 1 and 1 from 1.0, whatever the keys' order."""
    return json.dumps(value, sort_keys=True)


def accepted(value: object) -> bool:
    """Whether ``lib.values`` lets it into an object."""
    return not values.problems(value)


_hard = st.sampled_from("\t\n :#-'\"\\<>{}[]&*!|%@`,?~=.0e_")
_characters = (st.characters() | _hard).filter(accepted)
_text = st.sampled_from(HOSTILE) | st.text(_characters, max_size=12)
_fractions = st.integers(-(2**40), 2**40).map(lambda number: number / 4096) | st.floats()
_numbers = st.integers(-(2**53) + 1, 2**53 - 1) | _fractions.filter(accepted)
_json = st.recursive(
    _text | _numbers | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(_text, _json, max_size=5)


@pytest.fixture(scope="session")
def kubectls_reader(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], list[Any]]:
    """Build the Go program once; give a function that reads many texts in one run of it."""
    go = shutil.which("go") or shutil.which("go", path=Path(sys.prefix, "bin"))
    if go is None:
        pytest.fail("kubectl's YAML reader needs Go to be built, and none is here: run `make test`")
    program = tmp_path_factory.mktemp("goyaml") / "goyaml"
    made = subprocess.run(
        [go, "build", "-buildvcs=false", "-o", program, "."],
        cwd=GO_PROGRAM,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr

    def read(texts: list[str]) -> list[Any]:
        lines = "".join(json.dumps({"yaml": text}) + "\n" for text in texts)
        done = subprocess.run([program], input=lines, capture_output=True, text=True, check=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [answer["error"] for answer in answers if "error" in answer] == []
        return [answer["read"] for answer in answers]

    return read


@settings(max_examples=300, deadline=None)
@given(OBJECTS)
def test_any_accepted_object_reads_back_equal_in_python(value: dict[str, Any]) -> None:
    assert accepted(value)
    text = yaml_text.dump(value)
    for name, read in READERS.items():
        assert exact(read(text)) == exact(value), name


def test_any_accepted_object_reads_back_equal_in_kubectl(
    kubectls_reader: Callable[[list[str]], list[Any]],
) -> None:
    examples: list[dict[str, Any]] = []

    @settings(
        max_examples=300,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(OBJECTS)
    def collect(value: dict[str, Any]) -> None:
        examples.append(value)

    collect()
    assert len(examples) >= 200
    found = kubectls_reader([yaml_text.dump(value) for value in examples])
    for value, read in zip(examples, found, strict=True):
        assert exact(read) == exact(value)


@pytest.mark.parametrize("reader", sorted(READERS))
def test_every_hostile_text_reads_back_equal_as_value_key_and_item(reader: str) -> None:
    for text in HOSTILE:
        assert values.problems(text) == [], text
        value = {"value": text, text: [text, {"deep": {text: text}}, [text]]}
        assert exact(READERS[reader](yaml_text.dump(value))) == exact(value), repr(text)


def test_every_hostile_text_reads_back_equal_in_kubectl(
    kubectls_reader: Callable[[list[str]], list[Any]],
) -> None:
    wanted = [{"value": text, text: [text, {"deep": {text: text}}, [text]]} for text in HOSTILE]
    found = kubectls_reader([yaml_text.dump(value) for value in wanted])
    for value, read in zip(wanted, found, strict=True):
        assert exact(read) == exact(value)


def test_all_hostile_texts_together_are_the_keys_of_one_map(
    kubectls_reader: Callable[[list[str]], list[Any]],
) -> None:
    value = {text: index for index, text in enumerate(HOSTILE)}
    text = yaml_text.dump(value)
    for read in READERS.values():
        assert exact(read(text)) == exact(value)
    assert [exact(read) for read in kubectls_reader([text])] == [exact(value)]


@pytest.mark.parametrize(
    "text",
    ["yes", "NO", "null", "~", "010", "1:30", "1e3", "0x1f", "", " a", "a: b", "a #b", "=", "y"],
)
def test_a_text_that_could_be_read_as_something_else_is_quoted(text: str) -> None:
    assert yaml_text.dump({"a": text}) == f'a: "{text}"\n'


@pytest.mark.parametrize(
    "text",
    [
        "shop",
        "registry.example/team/web:v1.2.3",
        "https://charts.example/shop",
        "a sentence of words",
        "10m",
        "128Mi",
        "apps/v1",
    ],
)
def test_an_ordinary_text_stands_without_quotes(text: str) -> None:
    assert yaml_text.dump({"a": text}) == f"a: {text}\n"


def test_several_lines_stand_as_a_block_that_a_reviewer_can_read() -> None:
    assert yaml_text.dump({"a": "if x then\n  y\nend\n"}) == "a: |\n  if x then\n    y\n  end\n"


@pytest.mark.parametrize("text", ["a \nb\n", " a\nb\n", "a\n\n", "a\tb\nc\n", "\n"])
def test_lines_whose_white_space_a_block_would_hide_are_quoted(text: str) -> None:
    assert yaml_text.dump({"a": text}).startswith('a: "')


def test_japanese_stands_as_it_is() -> None:
    assert yaml_text.dump({"a": "祭りの公式サイト"}) == 'a: "祭りの公式サイト"\n'


def test_a_long_line_is_never_folded() -> None:
    assert yaml_text.dump({"a": "word " * 200 + "end"}).count("\n") == 1


def test_one_value_in_two_places_is_written_twice_without_an_anchor() -> None:
    shared = {"x": ["shop"]}
    text = yaml_text.dump({"a": shared, "b": shared})
    assert text == "a:\n  x:\n  - shop\nb:\n  x:\n  - shop\n"


def test_what_names_the_object_comes_first_and_all_else_is_sorted() -> None:
    value = {
        "spec": {"z": 1, "name": "outer", "a": {"name": "inner", "Image": "img", "args": []}},
        "metadata": {"namespace": "shop", "labels": {"b": "1", "a": "2"}, "name": "web"},
        "kind": "Deployment",
        "data": {},
        "apiVersion": "apps/v1",
    }
    assert yaml_text.dump(value) == (
        "apiVersion: apps/v1\n"
        "kind: Deployment\n"
        "metadata:\n"
        "  name: web\n"
        "  labels:\n"
        '    a: "2"\n'
        '    b: "1"\n'
        "  namespace: shop\n"
        "data: {}\n"
        "spec:\n"
        "  name: outer\n"
        "  a:\n"
        "    name: inner\n"
        "    Image: img\n"
        "    args: []\n"
        "  z: 1\n"
    )


def test_only_a_map_with_a_version_puts_kind_and_metadata_first() -> None:
    assert list(yaml_text.ordered({"metadata": 1, "kind": 2, "a": 3})) == ["a", "kind", "metadata"]


def test_a_list_keeps_its_order() -> None:
    assert yaml_text.load(yaml_text.dump({"a": ["z", "a", 3, 1]})) == {"a": ["z", "a", 3, 1]}


@settings(deadline=None)
@given(OBJECTS, st.booleans(), st.randoms(use_true_random=False))
def test_the_same_object_is_the_same_bytes_whatever_the_order_of_its_keys(
    value: dict[str, Any],
    versioned: bool,  # noqa: FBT001 - drawn
    random: Any,
) -> None:
    if versioned:
        value = {"apiVersion": "v1", "kind": "x", "metadata": {"name": "x"}, "0": 1, **value}
    keys = list(value)
    random.shuffle(keys)
    assert yaml_text.dump({key: value[key] for key in keys}) == yaml_text.dump(value)


def test_an_empty_key_or_a_digit_never_comes_before_the_version() -> None:
    value = {"0": 1, "1": 1, "": 1, "#": 1, "apiVersion": "v1", "kind": "x", "metadata": {}}
    assert list(yaml_text.ordered(value))[:3] == ["apiVersion", "kind", "metadata"]
    backwards = dict(reversed(value.items()))
    assert yaml_text.dump(backwards) == yaml_text.dump(value)


def test_an_empty_list_and_an_empty_map_stay_what_they_are() -> None:
    assert yaml_text.dump({"a": [], "b": {}}) == "a: []\nb: {}\n"
