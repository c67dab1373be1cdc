from __future__ import annotations

import re
import shlex
from typing import Any

import pytest

from lib import yaml_text
from tests.apps.logins import NAMES, built, clients, cluster


def chart(name: str = "production") -> dict[str, Any]:
    found = built(name).get("HelmChart", "vault", "kube-system")
    assert found is not None
    spec = found.object["spec"]
    values: dict[str, Any] = spec.get("values") or yaml_text.load(spec["valuesContent"])
    return values


def server(name: str = "production") -> dict[str, Any]:
    found: dict[str, Any] = chart(name)["server"]
    return found


def configuration(name: str = "production") -> str:
    text: str = server(name)["ha"]["raft"]["config"]
    return text


def scripts(name: str = "production") -> dict[str, str]:
    found = built(name).get("ConfigMap", "vault-setup", "vault")
    assert found is not None
    texts: dict[str, str] = found.object["data"]
    return texts


def certificate(name: str = "production") -> dict[str, Any]:
    found = built(name).get("Certificate", "vault-tls", "vault")
    assert found is not None
    spec: dict[str, Any] = found.object["spec"]
    return spec


def covered(host: str, names: list[str]) -> bool:
    """Whether a certificate for ``names`` is good for ``host``; a wildcard covers one label."""
    return host in names or f"*.{host.partition('.')[2]}" in names


@pytest.mark.parametrize("name", NAMES)
def test_every_name_that_vault_is_called_by_is_in_its_certificate(name: str) -> None:
    names = certificate(name)["dnsNames"]
    (outside,) = re.findall(r"https://([^:]+):8200", cluster(name).vault.address)
    called = [
        outside,
        *re.findall(r'leader_api_addr += "https://([^:]+):8200"', configuration(name)),
    ]
    called += [server(name)["extraEnvironmentVars"]["VAULT_TLS_SERVER_NAME"]]
    called += [server(name)["ha"]["apiAddr"].removeprefix("https://").removesuffix(":8200")]
    transport = built(name).get("ServersTransport", "vault", "vault")
    assert transport is not None
    called += [transport.object["spec"]["serverName"]]
    for host in called:
        assert covered(host, names), host


@pytest.mark.parametrize("name", NAMES)
def test_each_server_knows_all_servers_unless_it_is_alone(name: str) -> None:
    replicas = cluster(name).vault.replicas
    assert server(name)["ha"]["replicas"] == replicas
    joined = re.findall(r'"https://vault-([0-9]+)\.vault-internal:8200"', configuration(name))
    assert joined == ([str(index) for index in range(replicas)] if replicas > 1 else [])


@pytest.mark.parametrize("name", NAMES)
def test_a_node_can_be_emptied_however_many_servers_there_are(name: str) -> None:
    budget = server(name)["ha"]["disruptionBudget"]["enabled"]
    assert budget == (cluster(name).vault.replicas > 1)


def test_nothing_is_said_in_the_clear_and_everything_is_written_down() -> None:
    assert chart()["global"]["tlsDisable"] is False
    assert "tls_disable" not in configuration()
    assert "tls_skip_verify" not in configuration()
    assert server()["auditStorage"]["enabled"] is True
    assert "dev" not in server()
    assert (chart()["injector"]["enabled"], chart()["csi"]["enabled"]) == (False, False)


def test_the_audit_log_lies_on_its_own_volume_and_is_kept_from_filling_it() -> None:
    (path,) = re.findall(r"file_path=(\S+)", scripts()["setup.sh"])
    assert path.startswith("/vault/audit/")
    assert f"log={path}\n" in server()["postStart"][-1]


def test_every_file_that_the_configuration_names_is_mounted() -> None:
    mounted = [mount["mountPath"] for mount in server()["volumeMounts"]]
    volumes = {mount["name"] for mount in server()["volumeMounts"]}
    assert volumes == {volume["name"] for volume in server()["volumes"]}
    for path in re.findall(r'_file\s+= "([^"]+)"', configuration()):
        folder, _, file = path.rpartition("/")
        assert folder in mounted
        assert file in ("ca.crt", "tls.crt", "tls.key")
    secrets = [one["secret"]["secretName"] for one in server()["volumes"] if "secret" in one]
    assert secrets == [certificate()["secretName"]]


def test_the_route_to_vault_is_tls_to_the_end_and_trusts_its_ca_alone() -> None:
    (rule,) = built().get("IngressRoute", "vault", "vault").object["spec"]["routes"]  # type: ignore[union-attr]
    (service,) = rule["services"]
    assert service["scheme"] == "https"
    transport = built().get("ServersTransport", service["serversTransport"], "vault")
    assert transport is not None
    assert transport.object["spec"]["rootCAs"] == [{"secret": certificate()["secretName"]}]
    assert "insecureSkipVerify" not in transport.object["spec"]


def test_what_vault_needs_is_there_before_argo_cd() -> None:
    for kind in ("Certificate", "ConfigMap", "NetworkPolicy", "Namespace"):
        for manifest in built().of_kind(kind):
            if "vault" in (manifest.namespace, manifest.name):
                assert manifest.folder == "bootstrap", manifest.identity


def test_argo_cds_plugin_trusts_the_ca_that_signed_vaults_certificate() -> None:
    found = built().get("Certificate", "vault-ca", "argocd")
    assert found is not None
    assert found.folder == "bootstrap"
    assert found.object["spec"]["issuerRef"] == certificate()["issuerRef"]
    assert f"'secretName': '{found.object['spec']['secretName']}'" in str(argocd())


def argocd() -> dict[str, Any]:
    found = built().get("HelmChart", "argocd", "kube-system")
    assert found is not None
    values: dict[str, Any] = found.object["spec"]["values"]
    return values


def test_the_role_is_the_one_that_argo_cds_plugin_asks_for() -> None:
    (role,) = re.findall(r"vault write auth/kubernetes/role/(\S+)", scripts()["setup.sh"])
    (sidecar,) = argocd()["repoServer"]["extraContainers"]
    environment = {one["name"]: one["value"] for one in sidecar["env"]}
    assert role == environment["AVP_K8S_ROLE"]
    assert environment["AVP_K8S_MOUNT_PATH"] == "auth/kubernetes"
    account = argocd()["repoServer"]["serviceAccount"]["name"]
    assert f"bound_service_account_names={account} " in scripts()["setup.sh"]
    (audience,) = re.findall(r"audience=(\S+)", scripts()["setup.sh"])
    assert f"'audience': '{audience}'" in str(argocd()["repoServer"]["volumes"])


def test_no_pod_but_the_repo_server_and_vault_itself_gets_in_by_its_labels() -> None:
    policy = built().get("NetworkPolicy", "vault", "vault")
    assert policy is not None
    selected = [
        peer["podSelector"]["matchLabels"]
        for rule in policy.object["spec"]["ingress"]
        for peer in rule["from"]
        if "podSelector" in peer
    ]
    assert selected == [
        policy.object["spec"]["podSelector"]["matchLabels"],
        {"app.kubernetes.io/name": argocd()["repoServer"]["serviceAccount"]["name"]},
    ]


def test_every_client_with_a_secret_gets_one_made_up() -> None:
    (loop,) = re.findall(r"for client in (.*); do", scripts()["setup.sh"])
    assert set(shlex.split(loop)) == {one.id for one in clients() if not one.public}


@pytest.mark.parametrize("name", NAMES)
def test_administrators_alone_log_in_to_vault_and_come_back_to_it(name: str) -> None:
    login = scripts(name)["login.sh"]
    role = yaml_text.load(re.findall(r"<<'END'\n(\{.*?\n\})\nEND", login, re.DOTALL)[-1])
    assert role["bound_claims"] == {"groups": list(cluster(name).admin_groups)}
    (vault,) = [one for one in clients(name) if one.id == "vault"]
    assert role["allowed_redirect_uris"] == list(vault.redirect_uris)


@pytest.mark.parametrize("name", NAMES)
def test_the_scripts_speak_of_the_clusters_own_mount(name: str) -> None:
    mount = cluster(name).vault.mount
    text = "".join(scripts(name).values())
    assert set(re.findall(r"-mount=(\S+)", text)) == {mount}
    assert f'path "{mount}/data/*"' in text
