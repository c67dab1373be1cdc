"""argocd-vault-plugin beside the repo-server: it fills placeholders in while Argo CD renders.

Source: cmd/generate.go and pkg/config of argoproj-labs/argocd-vault-plugin v1.18.1, and
docs/operator-manual/config-management-plugins.md of argoproj/argo-cd.
"""

from __future__ import annotations

# Vault's Kubernetes auth role for the repo-server, bound to this audience.
ROLE = "argocd"
AUDIENCE = "vault"
# The Secret whose ca.crt is the internal CA, which signed Vault's certificate.
CA_SECRET = "vault-ca"  # noqa: S105 - its name

# Raise these two together: the sum is that of the release's linux/amd64 file.
# renovate: datasource=github-releases depName=argoproj-labs/argocd-vault-plugin
AVP_VERSION = "1.18.1"
AVP_SHA256 = "9e8e301c0d4e01f050b4df1e47a4137eb0ba459944ed2c32b53ef1571eb93c40"
AVP_URL = (
    "https://github.com/argoproj-labs/argocd-vault-plugin/releases/download/"
    f"v{AVP_VERSION}/argocd-vault-plugin_{AVP_VERSION}_linux_amd64"
)
DOWNLOAD = """\
curl --fail --silent --show-error --location --proto '=https' --proto-redir '=https' \\
  --retry 5 --retry-all-errors --max-time 300 --output /avp/unchecked "$AVP_URL"
echo "$AVP_SHA256  /avp/unchecked" | sha256sum -c -
chmod 0555 /avp/unchecked
mv /avp/unchecked /avp/argocd-vault-plugin
"""


# AVP lets ARGOCD_ENV_* (an Application's spec.source.plugin.env) override every setting of its own,
# AVP_PATH_VALIDATION and VAULT_ADDR included, so it starts with nothing but what is listed here.
# No HOME either: AVP would keep its Vault token there, world-readable, for the next Application.
RENDER = """\
app=$ARGOCD_APP_NAME
case $app in
  '' | *[!a-z0-9-]*) echo "no placeholders for an Application named '$app'" >&2; exit 1 ;;
  dex) client='[a-z0-9-]+' ;;
  *) client=$app ;;
esac
exec env -i \\
  AVP_TYPE="$AVP_TYPE" AVP_AUTH_TYPE="$AVP_AUTH_TYPE" AVP_KV_VERSION="$AVP_KV_VERSION" \\
  AVP_K8S_ROLE="$AVP_K8S_ROLE" AVP_K8S_MOUNT_PATH="$AVP_K8S_MOUNT_PATH" \\
  AVP_K8S_TOKEN_PATH="$AVP_K8S_TOKEN_PATH" VAULT_ADDR="$VAULT_ADDR" VAULT_CACERT="$VAULT_CACERT" \\
  AVP_PATH_VALIDATION="^$KV_MOUNT/data/($app/[a-z0-9/_-]+|oidc/$client)\\$" \\
  /avp/argocd-vault-plugin generate .
"""

# No `discover`: only an Application that names the plugin is rendered by it.
PLUGIN = {"generate": {"command": ["sh", "-ec"], "args": [RENDER]}}
