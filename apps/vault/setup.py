"""What Vault is told once by hand, as two scripts that may be run again at any time.

They lie in Vault's pods and run there; docs/systems/vault.md says when.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lib.constructs import dex_issuer

if TYPE_CHECKING:
    from lib.config import Cluster
    from lib.constructs import LoginClient

# Clients of Dex whose secret nobody has to know, so it is made up inside Vault.
CONFIDENTIAL_CLIENTS = ("argocd", "oauth2-proxy", "vault")


def setup_script(cluster: Cluster) -> str:
    """Audit log, secrets engine, Argo CD's way in, and the secrets that are merely random."""
    what = "Before Argo CD can deploy: see docs/systems/vault.md."
    return _START.format(what=what) + _SETUP.format(
        mount=cluster.vault.mount, clients=" ".join(CONFIDENTIAL_CLIENTS)
    )


def login_script(cluster: Cluster, client: LoginClient) -> str:
    """Administrators log in by their GitHub team; the root token can then go."""
    role = {
        "role_type": "oidc",
        "user_claim": "email",
        "groups_claim": "groups",
        "bound_claims": {"groups": list(cluster.admin_groups)},
        "oidc_scopes": ["profile", "email", "groups"],
        "allowed_redirect_uris": list(client.redirect_uris),
        "token_policies": ["admin"],
        "token_ttl": "1h",
        "token_max_ttl": "4h",
    }
    what = "Once Dex is well: see docs/systems/vault.md."
    return _START.format(what=what) + _LOGIN.format(
        mount=cluster.vault.mount,
        issuer=dex_issuer(cluster),
        client=client.id,
        role=json.dumps(role, indent=2),
    )


# The texts go through str.format: {{ stands for {.
_START = """\
#!/bin/sh
# {what}
# Run again, it changes nothing that is right already.
set -eu
if [ -z "${{VAULT_TOKEN:-}}" ]; then
  printf 'Token: '
  stty -echo
  read -r VAULT_TOKEN
  stty echo
  echo
  export VAULT_TOKEN
fi

has() {{ vault "$1" list -format=json | grep -q "\\"$2/\\""; }}

"""

_SETUP = """\
has audit file || vault audit enable file file_path=/vault/audit/audit.log
has secrets {mount} || vault secrets enable -path={mount} -version=2 kv
has auth kubernetes || vault auth enable kubernetes

# Argo CD's repo-server shows its service account's token, made for Vault alone. It may read all
# that is here, and nothing else is here; the plugin holds each Application to its own folder.
vault policy write argocd - <<'END'
path "{mount}/data/*" {{
  capabilities = ["read"]
}}
END
vault write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc
vault write auth/kubernetes/role/argocd \\
  bound_service_account_names=argocd-repo-server \\
  bound_service_account_namespaces=argocd \\
  audience=vault token_policies=argocd token_ttl=10m token_max_ttl=10m

random() {{ head -c 16 /dev/urandom | od -A n -v -t x1 | tr -d ' \\n'; }}
make_up() {{
  vault kv get -mount={mount} "$1" >/dev/null 2>&1 ||
    vault kv put -mount={mount} -cas=0 "$1" "$2=$(random)" >/dev/null
}}
for client in {clients}; do
  make_up "oidc/$client" clientSecret
done
make_up oauth2-proxy/cookie secret
"""

_LOGIN = """\
vault policy write admin - <<'END'
path "*" {{
  capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"]
}}
END
has auth oidc || vault auth enable -listing-visibility=unauth oidc
secret=$(vault kv get -mount={mount} -field=clientSecret oidc/{client})
vault write auth/oidc/config \\
  oidc_discovery_url={issuer} \\
  oidc_client_id={client} \\
  oidc_client_secret="$secret" \\
  default_role=admin
vault write auth/oidc/role/admin - <<'END'
{role}
END
"""
