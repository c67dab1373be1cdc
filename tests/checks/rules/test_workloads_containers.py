"""W03, W04, W06: images, resources and root file systems of single containers."""

from __future__ import annotations

from pathlib import Path

import pytest

from lib.checks.model import Context
from lib.config import load_cluster
from tests.checks.judging import findings
from tests.checks.pod_text import pod

CLUSTERS = Path(__file__).resolve().parents[2] / "config" / "valid"


def messages(rule: str, *texts: str, context: Context | None = None) -> list[str]:
    return [finding.message for finding in findings(rule, *texts, context=context)]


# --- W03 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "image",
    [
        "web:1.0",
        "docker.io/library/web:1.0",
        "registry.example:5000/a/b_c/web:v1.0-alpine",
        f"web@sha256:{'a' * 64}",
        f"ghcr.io/a/web:1.0@sha256:{'0' * 64}",
        "localhost/web:1",
    ],
)
def test_an_image_with_a_version_or_a_digest_is_fixed(image: str) -> None:
    assert messages("W03", pod(f'image: "{image}"')) == []


@pytest.mark.parametrize(
    "image",
    [
        "web",
        "web:latest",
        "registry.example:5000/web",
        "ghcr.io/a/web:main",
        "web:stable",
        "web:alpine",
    ],
)
def test_an_image_that_moves_on_is_not_fixed(image: str) -> None:
    assert messages("W03", pod(f'image: "{image}"')) == [
        f"{image} is another image tomorrow: name a version"
    ]


@pytest.mark.parametrize(
    "image", ["Web:1.0", "web:1.0@sha256:abc", "a//web:1.0", "${IMAGE}", "https://a.example/web:1"]
)
def test_what_no_runtime_can_pull_is_no_reference(image: str) -> None:
    assert messages("W03", pod(f'image: "{image}"')) == [f"'{image}' is no image reference"]


def test_a_container_without_image_is_a_finding() -> None:
    assert messages("W03", pod()) == ["container web names no image"]


UNKNOWN = "is from none of docker.io, ghcr.io, quay.io, registry.k8s.io"


def own_cluster() -> Context:
    cluster = load_cluster(CLUSTERS / "smallest.yaml")
    return Context(complete=True, cluster=cluster)


@pytest.mark.parametrize(
    ("image", "wrong"),
    [
        ("quay.io/a/web:1.0", ""),
        ("web:1.0", UNKNOWN),
        ("registry.example/a/web:1.0", UNKNOWN),
        (
            "ghcr.io/{organization}/web:1.0",
            "is our own: name its digest, for our own workflows can move its tag",
        ),
        (f"ghcr.io/{{organization}}/web@sha256:{'0' * 64}", ""),
        ("ghcr.io/{organization}-other/web:1.0", ""),
    ],
)
def test_a_cluster_of_ours_takes_images_from_known_registries_and_its_own_by_digest(
    image: str, wrong: str
) -> None:
    context = own_cluster()
    assert context.cluster is not None
    image = image.format(organization=context.cluster.github.organization)
    expected = [f"{image} {wrong}"] if wrong else []
    assert messages("W03", pod(f'image: "{image}"'), context=context) == expected


# --- W04 and W06 ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        ("requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}", ""),
        ("limits: {cpu: 1, memory: 1Gi}", ""),
        ("requests: {memory: 1Gi}, limits: {memory: 1Gi}", "reserves no cpu"),
        (
            "requests: {cpu: 1}, limits: {memory: 0}",
            "reserves no memory and has no limit of memory",
        ),
        ("requests: {cpu: 1, memory: 1Gi}", "has no limit of memory"),
    ],
)
def test_what_a_container_reserves_is_what_kubernetes_makes_of_it(
    resources: str, missing: str
) -> None:
    expected = [f"container web {missing}"] if missing else []
    assert messages("W04", pod(f"resources: {{{resources}}}")) == expected


@pytest.mark.parametrize(
    ("request_", "limit", "fits"),
    [
        ("128Mi", "256Mi", True),
        ("256Mi", "256Mi", True),
        ("1Gi", "1025Mi", True),
        ("1Gi", "1023Mi", False),
        ("1G", "1Gi", True),
        ("1Gi", "1G", False),
        ("0.5Gi", "500M", False),
        ("'1e9'", "1M", True),  # an exponent is not read
        ("[]", "1M", True),
    ],
)
def test_what_is_reserved_fits_under_the_limit(request_: str, limit: str, *, fits: bool) -> None:
    resources = f"requests: {{cpu: 1, memory: {request_}}}, limits: {{memory: {limit}}}"
    expected = (
        f"container web reserves {request_} of memory, more than its limit of {limit}: no such pod "
        "is started"
    )
    found = messages("W04", pod(f"resources: {{{resources}}}"))
    assert found == ([] if fits else [expected])


def test_a_tenth_of_a_processor_is_a_hundred_thousandths_of_it() -> None:
    resources = "requests: {memory: 1Mi, cpu: CPU}, limits: {memory: 1Mi, cpu: 100m}"
    fitting, too_much = resources.replace("CPU", "0.1"), resources.replace("CPU", "0.101")
    assert messages("W04", pod(f"resources: {{{fitting}}}")) == []
    assert len(messages("W04", pod(f"resources: {{{too_much}}}"))) == 1


def test_resources_of_the_whole_pod_or_of_a_limit_range_count() -> None:
    whole = "resources: {requests: {cpu: 1, memory: 1Gi}, limits: {memory: 1Gi}}"
    assert messages("W04", pod(spec=whole)) == []
    limit_range = (
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: all, namespace: NAMESPACE}\n"
        "spec: {limits: [{type: Container, default: {memory: 1Gi}, defaultRequest: {cpu: 1}}]}\n"
    )
    assert messages("W04", pod(), limit_range.replace("NAMESPACE", "whoami")) == []
    assert len(messages("W04", pod(), limit_range.replace("NAMESPACE", "other"))) == 1


def test_init_containers_are_sized_and_ephemeral_ones_cannot_be() -> None:
    sized = "resources: {limits: {cpu: 1, memory: 1Gi}}"
    assert len(messages("W04", pod(sized, "initContainers: [{name: wait}]"))) == 1
    assert messages("W04", pod(sized, "ephemeralContainers: [{name: debug}]")) == []


def test_the_root_file_system_is_read_only_but_on_windows() -> None:
    assert messages("W06", pod("securityContext: {readOnlyRootFilesystem: true}")) == []
    assert messages("W06", pod()) == ["container web can write to its root file system"]
    assert messages("W06", pod(spec="os: {name: windows}")) == []
