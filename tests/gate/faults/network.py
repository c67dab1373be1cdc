"""R and N: roles that allow more than they say, and ways into pods that nobody meant to open."""

from __future__ import annotations

from tests.gate.faults.fault import Fault, add, away, put

_RBAC = "rbac.authorization.k8s.io"
_ROLE = "Role kube-system/kube-vip"

FAULTS = (
    Fault("a role allows everything that can be done", _ROLE, put("rules", 0, "verbs", ["*"]),
          "R01", '- "*"'),
    Fault("a role is about all resources", "ClusterRole repair",
          put("rules", 0, "resources", ["*"]), "R01", '- "*"'),
    Fault("a team is bound to cluster-admin", "ClusterRoleBinding team-look",
          put("roleRef", "name", "cluster-admin"), "R02", "name: cluster-admin"),
    Fault("a role may raise itself", "ClusterRole look",
          add("rules", {"apiGroups": [_RBAC], "resources": ["clusterroles"],
                        "verbs": ["escalate"]}), "R03", "- clusterroles"),
    Fault("a role reads every Secret", "ClusterRole look",
          add("rules", {"apiGroups": [""], "resources": ["secrets"], "verbs": ["list"]}), "R03",
          "- secrets"),
    Fault("a role acts as anybody", "ClusterRole repair",
          add("rules", {"apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"]}),
          "R03", "- users"),
    Fault("a role is bound to all who have logged in", "ClusterRoleBinding team-view",
          add("subjects", {"kind": "Group", "name": "system:authenticated", "apiGroup": _RBAC}),
          "R04", "system:authenticated"),
    Fault("a role is bound to whatever pod has no account", "RoleBinding kube-system/kube-vip",
          put("subjects", 0, "name", "default"), "R04", "name: default"),
    Fault("a namespace is open", "NetworkPolicy whoami/default-deny", away(), "N01", "name: whoami",
          "Namespace whoami"),
    Fault("a namespace is closed for one pod alone", "NetworkPolicy reactions/default-deny",
          put("spec", "podSelector", {"matchLabels": {"app.kubernetes.io/name": "valkey"}}), "N01",
          "name: reactions", "Namespace reactions"),
    Fault("a default policy lets everyone in", "NetworkPolicy dex/default-deny",
          put("spec", "ingress", [{}]), "N01", "name: dex", "Namespace dex"),
    Fault("a Service asks for a load balancer", "Service whoami/web",
          put("spec", "type", "LoadBalancer"), "N02", "type: LoadBalancer"),
    Fault("a Service listens on every node", "Service reactions/backend",
          put("spec", "type", "NodePort"), "N02", "type: NodePort"),
    Fault("a Service takes an address for itself", "Service reactions/valkey",
          put("spec", "externalIPs", ["203.0.113.10"]), "N02", "externalIPs:"),
    Fault("no policy lets anybody in behind a route", "NetworkPolicy whoami/web", away(), "N03",
          "- name: web", "IngressRoute whoami/web"),
    Fault("a policy lets nobody in at the port that a route leads to",
          "NetworkPolicy reactions/backend", put("spec", "ingress", 0, "ports", 0, "port", 80),
          "N03", "- name: backend", "IngressRoute reactions/backend"),
    Fault("no policy lets anybody in to a chart's pods", "NetworkPolicy dex/dex", away(), "N03",
          "- name: dex", "IngressRoute dex/dex"),
)  # fmt: skip
