"""S: no credential stands in git, and what stands for one is read by its own app alone."""

from __future__ import annotations

from typing import Any

from lib.checks.charts import APPLICATION
from lib.checks.pods import TEMPLATES
from lib.checks.rule import Exempt, Rule, Severity, containers, documents
from lib.checks.rules.secrets import examples, filling, leaks, plugin, pods, vault
from lib.checks.rules.secrets.texts import HELM_TYPES

PLUGIN = "argoproj-labs/argocd-vault-plugin v1.18.1"

RULES: tuple[Rule[Any], ...] = (
    Rule(
        id="S01",
        title="Every value of a Secret comes from Vault",
        severity=Severity.P0,
        reason="What is in git has been read by everyone who has a copy, and stays in its history; "
        "base64 hides nothing.",
        source=f"docs/howitworks.md of {PLUGIN}; gitleaks kubernetes-secret-yaml",
        fix="Put the value into Vault and <path:MOUNT/data/APP/NAME#KEY> here; what anyone may "
        "read belongs into a ConfigMap.",
        exempt=Exempt.NEVER,
        types=("Secret",),
        subjects=documents("Secret"),
        check=vault.no_plain_value,
        good=examples.S01_GOOD,
        bad=examples.S01_BAD,
    ),
    Rule(
        id="S02",
        title="A placeholder without a path has one on its object",
        severity=Severity.P0,
        reason="The plugin leaves <key> as it is unless the object says where in Vault its keys "
        "are, and the app starts with the text <key> as its password.",
        source=f"genericReplacement in pkg/kube/util.go of {PLUGIN}",
        fix="Write <path:MOUNT/data/APP/NAME#KEY>, or add the annotation avp.kubernetes.io/path.",
        exempt=Exempt.NEVER,
        types=("Secret",),
        subjects=documents("Secret"),
        check=vault.generic_has_path,
        good=examples.S02_GOOD,
        bad=examples.S02_BAD,
    ),
    Rule(
        id="S03",
        title="A placeholder names a secret of its own app, in a way that the plugin reads",
        severity=Severity.P0,
        reason="The plugin may read all of Vault: without this, whoever may commit to one app "
        "reads the secrets of all others. What it cannot read as a placeholder stays as it is.",
        source=f"docs/config.md and pkg/kube/modifiers.go of {PLUGIN}",
        fix="Write <path:MOUNT/data/APP/NAME#KEY>; oidc/CLIENT is for Dex and that client alone.",
        exempt=Exempt.NEVER,
        types=("Secret",),
        subjects=documents(),
        check=vault.within_prefix,
        good=examples.S03_GOOD,
        bad=examples.S03_BAD,
    ),
    Rule(
        id="S04",
        title="A placeholder stands in a Secret",
        severity=Severity.P0,
        reason="The plugin fills in every kind of object, and all but a Secret is readable for "
        "whoever may look at the cluster, and in Argo CD's pages.",
        source=f"Replace in pkg/kube/template.go of {PLUGIN}",
        fix="Move it into a Secret and refer to that; a checksum's annotation may end in "
        "'| sha256sum'.",
        exempt=Exempt.FILE,
        subjects=documents(),
        check=vault.only_in_secrets,
        good=examples.S04_GOOD,
        bad=examples.S04_BAD,
    ),
    Rule(
        id="S05",
        title="A HelmChart gets its credentials from a Secret",
        severity=Severity.P0,
        reason="Its values are fields of an object that many may read, and the release keeps them "
        "once more.",
        source="valuesSecrets in docs/helmchart.md of k3s-io/helm-controller",
        fix="Give the chart the name of a Secret (existingSecret), or use spec.valuesSecrets.",
        exempt=Exempt.NEVER,
        types=tuple(sorted(HELM_TYPES)),
        subjects=documents(*sorted(HELM_TYPES)),
        check=vault.chart_values_by_secret,
        good=examples.S05_GOOD,
        bad=examples.S05_BAD,
    ),
    Rule(
        id="S06",
        title="Nothing looks like a credential",
        severity=Severity.P0,
        reason="What is in git has been read by everyone who has a copy, and stays in its history.",
        source="polaris sensitiveContainerEnvVar and sensitiveConfigmapContent; gitleaks; Yelp/"
        "detect-secrets",
        fix="Change the credential where it was issued, put the new one into Vault, and refer to "
        "it; what only looks like one needs an exception with this finding's fingerprint.",
        exempt=Exempt.FILE,
        subjects=leaks.everything,
        check=leaks.no_credential,
        good=examples.S06_GOOD,
        bad=examples.S06_BAD,
    ),
    Rule(
        id="S07",
        title="The Vault plugin is the one that was meant, and is held to its paths",
        severity=Severity.P1,
        reason="It holds the key to all secrets: a changed download reads them, a pattern without "
        "ends lets other paths through, and its verbose log shows them.",
        source=f"docs/config.md and cmd/generate.go of {PLUGIN}",
        fix="Set AVP_PATH_VALIDATION to ^...$, check the download with sha256sum -c or name the "
        "image by digest, and remove --verbose-sensitive-output.",
        exempt=Exempt.ANNOTATION,
        subjects=documents(),
        check=plugin.handled_with_care,
        good=examples.S07_GOOD,
        bad=examples.S07_BAD,
    ),
    Rule(
        id="S08",
        title="An Application uses the Vault plugin exactly when it reads placeholders",
        severity=Severity.P0,
        reason="Without the plugin the placeholder itself is deployed; with it, an app that needs "
        "no secret cannot be deployed while Vault is sealed.",
        source=f"Login in cmd/generate.go of {PLUGIN}; Argo CD: config-management-plugins.md",
        fix="Set or remove source.plugin of the Application.",
        exempt=Exempt.ANNOTATION,
        types=(APPLICATION,),
        subjects=filling.readers_and_read,
        check=filling.filled_by_plugin,
        good=examples.S08_GOOD,
        bad=examples.S08_BAD,
    ),
    Rule(
        id="S09",
        title="A container gets its credentials as files",
        severity=Severity.P2,
        reason="An environment is inherited by every program that is started, and written into "
        "crash reports; a file can be changed while the pod runs.",
        source="kube-linter read-secret-from-env-var; checkov CKV_K8S_35",
        fix="Mount the Secret as a volume and give the program the file's path.",
        exempt=Exempt.ANNOTATION,
        types=tuple(TEMPLATES),
        subjects=containers,
        check=pods.by_file,
        good=examples.S09_GOOD,
        bad=examples.S09_BAD,
    ),
    Rule(
        id="S10",
        title="No Secret holds a lasting token of a ServiceAccount",
        severity=Severity.P1,
        reason="Kubernetes fills it with a token that never ends, and whoever once read it keeps "
        "all that the ServiceAccount may do.",
        source="Kubernetes: Service account token Secrets; kyverno/policies "
        "deny-secret-service-account-token-type",
        fix="Remove the Secret; a pod gets a short token from a projected volume, a person from "
        "kubectl create token.",
        exempt=Exempt.ANNOTATION,
        types=("Secret",),
        subjects=documents("Secret"),
        check=pods.no_lasting_token,
        good=examples.S10_GOOD,
        bad=examples.S10_BAD,
    ),
)
