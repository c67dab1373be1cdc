"""Good and bad examples of the family S: its tests, and a part of its documentation."""

from __future__ import annotations

S01_GOOD = """\
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
type: Opaque
stringData:
  username: shop
  password: <path:kv/data/shop/database#password>
  address: postgres://shop:<path:kv/data/shop/database#password>@database/shop
data:
  key: <path:kv/data/shop/key#key | base64encode>
"""
S01_BAD = """\
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
type: Opaque
stringData:
  password: correct horse battery staple
  address: postgres://shop:hunter2@<path:kv/data/shop/database#host>/shop
data:
  key: c2VzYW1l
"""

S02_GOOD = """\
apiVersion: v1
kind: Secret
metadata:
  name: database
  namespace: shop
  annotations: {avp.kubernetes.io/path: kv/data/shop/database}
stringData:
  password: <password>
"""
S02_BAD = """\
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData:
  password: <password>
"""

_SHOP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec:
  source: {path: ., plugin: {name: argocd-vault-plugin}}
---
"""
S03_GOOD = f"""\
{_SHOP}apiVersion: v1
kind: Secret
metadata: {{name: database, namespace: shop}}
stringData:
  password: <path:kv/data/shop/database#password>
  key: <path:kv/data/shop/database#key | base64decode>
  client: <path:kv/data/oidc/shop#clientSecret>
"""
S03_BAD = f"""\
{_SHOP}apiVersion: v1
kind: Secret
metadata: {{name: database, namespace: shop}}
stringData:
  password: <path:kv/data/bank/database#password>
  key: <path:kv/data/shop/database>
  client: <path:kv/data/oidc/bank#clientSecret>
"""

S04_GOOD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, namespace: shop}
spec:
  template:
    metadata:
      annotations:
        checksum/database: <path:kv/data/shop/database#password | sha256sum>
"""
S04_BAD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data:
  database.ini: |
    [database]
    password = <path:kv/data/shop/database#password>
"""

S05_GOOD = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: shop, namespace: kube-system}
spec:
  chart: shop
  valuesContent: |
    database: {existingSecret: database, usernameKey: username}
  valuesSecrets: [{name: shop-values, keys: [values.yaml]}]
"""
S05_BAD = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: shop, namespace: kube-system}
spec:
  chart: shop
  valuesContent: |
    database: {password: hunter2}
  set:
    mail.password: <path:kv/data/shop/mail#password>
"""

S06_GOOD = f"""\
apiVersion: v1
kind: Pod
metadata: {{name: shop, namespace: shop}}
spec:
  containers:
  - name: shop
    image: registry.example/shop@sha256:{"1f2d3c4b5a697887" * 4}
    args: [--token-file=/run/secrets/token, --cache-key=products]
    env:
    - {{name: DATABASE, value: "postgres://shop@database/shop"}}
    - {{name: PASSWORD_FILE, value: /run/secrets/password}}
"""
S06_BAD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example/shop:1.0.0
    args: [--token=sesame]
    env:
    - {name: DATABASE, value: "postgres://shop:hunter2@database/shop"}
    - {name: MAIL_PASSWORD, value: sesame}
"""

_RUNNER = """\
apiVersion: v1
kind: Pod
metadata: {name: argocd-repo-server, namespace: argocd}
spec:
  containers:
  - name: plugin
    image: quay.io/argoproj/argocd:v3.4.7
    env:
    - {name: AVP_TYPE, value: vault}
"""
S07_GOOD = f"""\
{_RUNNER}    - {{name: AVP_PATH_VALIDATION, value: '^kv/data/[a-z0-9-]+/[a-z0-9/_-]+$'}}
"""
S07_BAD = f"""\
{_RUNNER}    - {{name: AVP_PATH_VALIDATION, value: kv/data/}}
    args: [argocd-vault-plugin, generate, ., --verbose-sensitive-output]
"""

_READ = """\
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData:
  password: <path:kv/data/shop/database#password>
"""
S08_GOOD = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd}}
spec:
  source: {{path: ., plugin: {{name: argocd-vault-plugin}}}}
{_READ}"""
S08_BAD = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: shop, namespace: argocd}}
spec:
  source: {{path: ., directory: {{recurse: true}}}}
{_READ}"""

S09_GOOD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example/shop:1.0.0
    volumeMounts: [{name: database, mountPath: /run/secrets/database, readOnly: true}]
  volumes: [{name: database, secret: {secretName: database}}]
"""
S09_BAD = """\
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: registry.example/shop:1.0.0
    envFrom: [{secretRef: {name: database}}]
"""

S10_GOOD = """\
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: whoami}
type: Opaque
stringData: {password: <path:kv/data/whoami/web#password>}
"""
S10_BAD = """\
apiVersion: v1
kind: Secret
metadata:
  name: robot
  namespace: whoami
  annotations: {kubernetes.io/service-account.name: robot}
type: kubernetes.io/service-account-token
"""
