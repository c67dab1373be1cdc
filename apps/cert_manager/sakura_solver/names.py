"""What the webhook is called: by Kubernetes, and by cert-manager's issuers."""

# The API group that it serves, and its own name in there.
GROUP = "acme.t-inagaki.net"
SOLVER = "sakuracloud-dns-solver"

NAME = "sakura-solver"
NAMESPACE = "cert-manager"
LABELS = {"app.kubernetes.io/name": NAME}
PORT = 8443
