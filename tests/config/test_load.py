"""Reading a cluster file, and telling everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib.config import load_cluster, parse_cluster
from lib.errors import ConfigError

HERE = Path(__file__).parent
SMALLEST = (HERE / "valid" / "smallest.yaml").read_text(encoding="utf-8")


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_cluster(text, "clusters/smallest.yaml")
    assert caught.value.exit_code == 1
    return caught.value.problems


def test_a_missing_file_names_the_one_that_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "production.yaml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load_cluster(tmp_path / "prodution.yaml")
    assert str(caught.value) == (
        f"{tmp_path}/prodution.yaml: there is no such cluster file (rule: missing-file): "
        f"did you mean {tmp_path}/production.yaml?"
    )


def test_a_missing_file_unlike_any_other_lists_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "production.yaml").write_text("")
    (tmp_path / "stage.yaml").write_text("")
    with pytest.raises(ConfigError, match=r"there are production, stage$"):
        load_cluster(tmp_path / "xyz.yaml")


def test_a_missing_file_in_a_missing_folder_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="rule: missing-file") as caught:
        load_cluster(tmp_path / "none" / "production.yaml")
    assert len(caught.value.problems) == 1


def test_a_folder_is_not_a_cluster_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read: .*\(rule: unreadable-file\)$"):
        load_cluster(tmp_path)


def test_a_file_of_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "smallest.yaml"
    file.write_text(SMALLEST + "#" * 1024 * 1024)
    with pytest.raises(ConfigError) as caught:
        load_cluster(file)
    assert [problem.count("rule: file-too-large") for problem in caught.value.problems] == [1]


def test_a_file_of_exactly_a_mebibyte_is_read(tmp_path: Path) -> None:
    file = tmp_path / "smallest.yaml"
    file.write_text(SMALLEST + "#" * (1024 * 1024 - len(SMALLEST)))
    assert load_cluster(file).name == "smallest"


@given(st.text(max_size=60))
def test_any_text_at_all_is_refused_in_lines_and_never_crashes(text: str) -> None:
    assert all("\n" not in problem and "(rule: " in problem for problem in problems(text))


@given(st.integers(0, len(SMALLEST)), st.integers(0, 30), st.text("ab0 :-[]{}#&*!|>'\"%@,\n"))
@example(0, 1, "{0\n\n")
def test_a_damaged_file_is_read_or_refused_in_lines_but_never_crashes(
    start: int, length: int, put: str
) -> None:
    text = SMALLEST[:start] + put + SMALLEST[start + length :]
    try:
        cluster = parse_cluster(text, "smallest.yaml")
    except ConfigError as error:
        assert error.problems  # noqa: PT017 - both outcomes are right
        assert all("\n" not in problem for problem in error.problems)  # noqa: PT017
    else:
        assert cluster.name == "smallest"


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "null\n", "~\n"])
def test_a_file_that_says_nothing_is_told_in_one_line(text: str) -> None:
    assert len(problems(text)) == 1


@pytest.mark.parametrize("text", ["production\n", "- a\n- b\n", "3\n"])
def test_a_file_that_is_not_a_mapping_is_told_in_one_line(text: str) -> None:
    (problem,) = problems(text)
    assert "(rule: wrong-type)" in problem
    assert "use a mapping of keys" in problem


def test_all_problems_are_told_in_the_order_of_their_lines() -> None:
    text = SMALLEST.replace("cni: canal", "cni: canol").replace("count: 1", "count: 4")
    text = text.replace("zone: tk1b", "zone: tk1c").replace("domain: small", "domain: Small")
    told = problems(text)
    lines = [int(problem.split(":")[1]) for problem in told]
    assert len(told) == 4
    assert lines == sorted(lines)


def test_rules_between_sections_are_asked_although_another_section_is_faulty() -> None:
    text = SMALLEST.replace("cni: canal", "cni: canol").replace("count: 1", "count: 4")
    assert ["odd-servers" in problem for problem in problems(text)] == [True, False]


def test_a_problem_is_one_complete_line() -> None:
    (problem,) = problems(SMALLEST.replace("servers:\n  count: 1", "servers:\n  count: 2"))
    line = SMALLEST.splitlines().index("servers:") + 2
    assert problem == (
        f"clusters/smallest.yaml:{line}: servers.count: is even, which survives no more failures "
        "than one fewer (rule: odd-servers): given 2; use 1, 3 or 5"
    )


def test_a_long_value_is_shortened() -> None:
    (problem,) = problems(SMALLEST.replace("zone: tk1b", f"zone: {'a' * 500}"))
    assert "..." in problem
    assert len(problem) < 250


def test_a_secret_is_never_repeated_in_a_message() -> None:
    secret = "hvs.CAESIExampleExampleExample"  # noqa: S105 - an example of what is refused
    (problem,) = problems(SMALLEST.replace("revision: main", f"revision: {secret}"))
    assert "(rule: secret-value)" in problem
    assert secret[4:] not in problem


def test_the_value_of_a_key_named_like_a_secret_is_never_repeated() -> None:
    (problem,) = problems(SMALLEST + "s3_secret_key: abc123\n")
    assert "(rule: secret-value)" in problem
    assert "abc123" not in problem


def test_public_keys_and_commits_are_no_secrets() -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    text = SMALLEST.replace("revision: main", f"revision: {commit}")
    assert parse_cluster(text, "smallest.yaml").repository.revision == commit


def test_an_opaque_value_is_taken_for_a_secret() -> None:
    text = SMALLEST.replace("revision: main", "revision: Xq7vT2mN9pLr4sWc8bYd3fGh6jKz1aEu")
    assert ["looks like a token" in problem for problem in problems(text)] == [True]


def test_comments_may_be_in_any_language() -> None:
    assert parse_cluster("# 本番クラスタ\n" + SMALLEST, "smallest.yaml").name == "smallest"


def test_quoted_words_are_text() -> None:
    text = SMALLEST.replace("revision: main", 'revision: "1.30"')
    assert parse_cluster(text, "smallest.yaml").repository.revision == "1.30"


def test_a_file_without_a_line_end_is_read() -> None:
    assert parse_cluster(SMALLEST.rstrip("\n"), "smallest.yaml").name == "smallest"
