"""S: credentials in git, and placeholders that nothing fills in or that read what is another's.

The credentials here are made up, and of no system; some are put together, so that nobody who looks
for leaks in this repository finds them.
"""

from __future__ import annotations

from tests.gate.faults.fault import (
    ANNOTATIONS,
    CHART,
    CONTAINER,
    VALUES,
    Fault,
    add,
    drop,
    put,
    text,
)

_PASSWORD = "Tr0ub4dor&3"  # noqa: S105 - made up
_GITHUB = "ghp_" + "Qx7Zr2Lk4TvB8sYp3NfJ6hMd1WcA5eGuR9oX"
_AWS = "AKIA" + "Q7XZR2LK4TVB5YPN"
_KEY = "-----BEGIN EC PRIVATE" + " KEY-----\nMHcCAQEEIBv\n-----END EC PRIVATE" + " KEY-----\n"
_VALKEY = "kv/data/reactions/valkey#password"
_CONFIG = "dist/production/nodes/server/config.yaml"

FAULTS = (
    Fault("a Secret's value is the password itself", "Secret reactions/valkey",
          put("stringData", "password", _PASSWORD), "S01", "password:"),
    Fault("a Secret's value is only encoded", "Secret external-dns/dns",
          put("data", {"apiToken": "aHVudGVyMi1hbmQtbW9yZQ=="}), "S01", "apiToken: aHVu"),
    Fault("a placeholder has no path", "Secret cert-manager/dns",
          put("stringData", "apiToken", "<apiToken>"), "S02", "<apiToken>"),
    Fault("a placeholder reads another app's secret", "Secret reactions/valkey",
          put("stringData", "password", "<path:kv/data/dex/github#clientSecret>"), "S03",
          "kv/data/dex"),
    Fault("a placeholder reads another engine than the cluster's", "Secret cert-manager/dns",
          put("stringData", "apiToken", "<path:secret/data/cert-manager/dns#apiToken>"), "S03",
          "secret/data"),
    Fault("a placeholder reads another client's secret",
          "Secret oauth2-proxy/oauth2-proxy-secrets",
          put("stringData", "client-secret", "<path:kv/data/oidc/argocd#clientSecret>"), "S03",
          "oidc/argocd"),
    Fault("a placeholder names no key", "Secret external-dns/dns",
          put("stringData", "apiToken", "<path:kv/data/external-dns/dns>"), "S03", "dns>"),
    Fault("a placeholder lacks data/ in its path", "Secret external-dns/dns",
          put("stringData", "apiToken", "<path:kv/external-dns/dns#apiToken>"), "S03",
          "kv/external-dns"),
    Fault("a placeholder stands in a variable of a pod", "Deployment reactions/backend",
          add(*CONTAINER, "env", {"name": "VALKEY_PASSWORD", "value": f"<path:{_VALKEY}>"}),
          "S04", "<path:"),
    Fault("a placeholder stands in a ConfigMap", "ConfigMap arc-runners-festival/job",
          put("data", "github.txt", "<path:kv/data/arc-runners-festival/github#app>"), "S04",
          "github.txt"),
    Fault("a chart's password stands in its values", "HelmChart kube-system/argocd",
          put(*VALUES, "configs", "secret", {"argocdServerAdminPassword": _PASSWORD}), "S05",
          "argocdServerAdminPassword"),
    Fault("a HelmChart sets a placeholder", "HelmChart kube-system/longhorn",
          put("spec", "set", {"defaultBackupStore.token": "<path:kv/data/longhorn/backup#token>"}),
          "S05", "token"),
    Fault("a variable of a pod holds a password", "Deployment reactions/backend",
          add(*CONTAINER, "env", {"name": "VALKEY_PASSWORD", "value": _PASSWORD}), "S06",
          'value: "Tr0ub'),
    Fault("an argument of a program holds a password", "Deployment reactions/backend",
          put(*CONTAINER, "args", [f"--valkey-password={_PASSWORD}"]), "S06", "--valkey-password"),
    Fault("an argument of a database's server holds its password", "Deployment reactions/valkey",
          put(*CONTAINER, "args", [f"--requirepass={_PASSWORD}"]), "S06", "--requirepass="),
    Fault("an argument beside its option holds a password", "Deployment reactions/valkey",
          put(*CONTAINER, "args", ["--requirepass", _PASSWORD]), "S06", f'- "{_PASSWORD}"'),
    Fault("a shell's command holds a password", "Deployment reactions/valkey",
          put(*CONTAINER, "args", ["-c", f"exec valkey-server --requirepass {_PASSWORD}"]), "S06",
          "exec valkey-server"),
    Fault("an address holds a password", "Deployment reactions/backend",
          put(*CONTAINER, "env", 0, "value", f"redis://backend:{_PASSWORD}@valkey:6379"), "S06",
          "redis://"),
    Fault("a ConfigMap holds a GitHub token", "ConfigMap arc-runners-festival/job",
          put("data", "clone.sh", f"git clone https://{_GITHUB}@github.com/a/b.git"), "S06",
          "clone.sh"),
    Fault("a ConfigMap holds a private key", "ConfigMap vault/vault-setup",
          put("data", "tls.key", _KEY), "S06", "tls.key"),
    Fault("an annotation holds an access key", "Service reactions/backend",
          put(*ANNOTATIONS, "festival.example/storage", _AWS), "S06", _AWS),
    Fault("a node's file holds the cluster's token", _CONFIG,
          text("profile: cis", f"profile: cis\ntoken: {_PASSWORD}"), "S06", "token:"),
    Fault("an Application's values hold a client's secret", "Application argocd/dex",
          put(*CHART, "config", "connectors", 0, "config", "clientSecret", _PASSWORD), "S06",
          "clientSecret:"),
    Fault("the plugin's pattern of paths has no end", "HelmChart kube-system/argocd",
          put(*VALUES, "repoServer", "extraContainers", 0, "env", 6, "value", "^kv/data/"), "S07",
          "^kv/data/"),
    Fault("the plugin's pattern of paths is gone", "HelmChart kube-system/argocd",
          drop(*VALUES, "repoServer", "extraContainers", 0, "env", 6), "S07", "env:"),
    Fault("the plugin's download is not compared", "HelmChart kube-system/argocd",
          text('          echo "$AVP_SHA256  /avp/unchecked" | sha256sum -c -\n', ""), "S07",
          "- name: download-argocd-vault-plugin"),
    Fault("the plugin shows what it reads", "HelmChart kube-system/argocd",
          text("argocd-vault-plugin generate .", "argocd-vault-plugin generate . "
               "--verbose-sensitive-output"), "S07", "- |"),
    Fault("nothing fills in an app's placeholders", "Application argocd/reactions",
          drop("spec", "source", "plugin"), "S08", "path: dist/production/reactions"),
    Fault("an app without placeholders waits for Vault", "Application argocd/whoami",
          put("spec", "source", "plugin", {"name": "argocd-vault-plugin"}), "S08", "plugin:"),
    Fault("the plugin is told to overlook a Secret", "Secret reactions/valkey",
          put(*ANNOTATIONS, "avp.kubernetes.io/ignore", "true"), "S08", "valkey.conf:"),
    Fault("a container gets its password by a variable", "Deployment reactions/backend",
          add(*CONTAINER, "env", {"name": "VALKEY_PASSWORD", "valueFrom": {
              "secretKeyRef": {"name": "valkey", "key": "password"}}}), "S09", "secretKeyRef:"),
    Fault("a Secret asks for a lasting token", "Secret reactions/valkey",
          put("type", "kubernetes.io/service-account-token"), "S10",
          "type: kubernetes.io/service-account-token"),
)  # fmt: skip
