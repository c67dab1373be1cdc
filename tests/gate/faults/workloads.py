"""W: pods with too many rights, and workloads that a node or a rollout takes down."""

from __future__ import annotations

from tests.gate.faults.fault import CONTAINER, OFF, ON, POD, Fault, add, away, beside, drop, put

_LEVEL = "pod-security.kubernetes.io/enforce"
_JOB = """\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: clean
  namespace: reactions
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: clean
            image: docker.io/valkey/valkey:9.1.1
"""

FAULTS = (
    Fault("a container is privileged", "Deployment whoami/web",
          put(*CONTAINER, "securityContext", "privileged", ON), "W01", "privileged: true"),
    Fault("a container may become root", "Deployment reactions/valkey",
          put(*POD, "securityContext", "runAsNonRoot", OFF), "W01", "runAsNonRoot: false"),
    Fault("a container keeps the runtime's capabilities", "Deployment reactions/backend",
          drop(*CONTAINER, "securityContext", "capabilities"), "W01",
          "securityContext:"),
    Fault("a pod uses its node's network", "Deployment whoami/web",
          put(*POD, "hostNetwork", ON), "W01", "hostNetwork: true"),
    Fault("a pod sees its node's processes", "Deployment reactions/backend",
          put(*POD, "hostPID", ON), "W01", "hostPID: true"),
    Fault("a pod has no seccomp profile", "Deployment whoami/web",
          drop(*POD, "securityContext", "seccompProfile"), "W01", "securityContext:"),
    Fault("a pod mounts a folder of its node", "Deployment reactions/valkey",
          add(*POD, "volumes", {"name": "data", "hostPath": {"path": "/srv/valkey"}}), "W01",
          "hostPath:"),
    Fault("a container listens on its node", "Deployment reactions/valkey",
          put(*CONTAINER, "ports", 0, "hostPort", 6379), "W01", "hostPort: 6379"),
    Fault("a Namespace enforces nothing", "Namespace reactions",
          drop("metadata", "labels", _LEVEL), "W02", "labels:"),
    Fault("a Namespace lets privileged pods in", "Namespace whoami",
          put("metadata", "labels", _LEVEL, "privileged"), "W02", "enforce: privileged"),
    Fault("an image has no version", "Deployment reactions/valkey",
          put(*CONTAINER, "image", "docker.io/valkey/valkey"), "W03", "valkey/valkey"),
    Fault("an image is the latest", "Deployment whoami/web",
          put(*CONTAINER, "image", "docker.io/traefik/whoami:latest"), "W03", "whoami:latest"),
    Fault("an image of our own has no digest", "Deployment reactions/backend",
          put(*CONTAINER, "image", "ghcr.io/festival-example/reactions:1.4.2"), "W03", "1.4.2"),
    Fault("a container's memory has no limit", "Deployment reactions/valkey",
          drop(*CONTAINER, "resources", "limits"), "W04", "resources:"),
    Fault("a container reserves nothing", "Deployment whoami/web",
          drop(*CONTAINER, "resources", "requests"), "W04", "resources:"),
    Fault("a container reserves more than it may have", "Deployment reactions/backend",
          put(*CONTAINER, "resources", "limits", "memory", "64Mi"), "W04", "memory: 64Mi"),
    Fault("a pod behind a Service has no readiness probe", "Deployment reactions/backend",
          drop(*CONTAINER, "readinessProbe"), "W05", "- name: backend"),
    Fault("a pod that is only busy is restarted", "Deployment reactions/backend",
          put(*CONTAINER, "livenessProbe", {"periodSeconds": 5, "httpGet": {
              "path": "/readyz", "port": "http"}}), "W05", "livenessProbe:"),
    Fault("a container may write to its root file system", "Deployment whoami/web",
          drop(*CONTAINER, "securityContext", "readOnlyRootFilesystem"), "W06",
          "securityContext:"),
    Fault("a pod has a token that it does not need", "Deployment reactions/backend",
          put(*POD, "automountServiceAccountToken", ON), "W07", "automountServiceAccountToken"),
    Fault("a critical workload may run on one node alone", "Deployment reactions/backend",
          drop(*POD, "topologySpreadConstraints"), "W08", "spec:"),
    Fault("a critical workload has no disruption budget", "PodDisruptionBudget reactions/backend",
          away(), "W08", "labels:", "Deployment reactions/backend"),
    Fault("a disruption budget lets no pod go", "PodDisruptionBudget reactions/backend",
          put("spec", "maxUnavailable", 0), "W09", "maxUnavailable: 0"),
    Fault("an autoscaler measures against nothing", "Deployment reactions/backend",
          drop(*CONTAINER, "resources", "requests", "cpu"), "W10", "resources:"),
    Fault("an autoscaler's least is more than its most",
          "HorizontalPodAutoscaler reactions/backend", put("spec", "minReplicas", 20), "W10",
          "maxReplicas: 12"),
    Fault("a probe asks a port that is not there", "Deployment whoami/web",
          put(*CONTAINER, "readinessProbe", "httpGet", "port", 8080), "W05", "port: 8080"),
    Fault("a rollout takes all pods of a critical workload", "Deployment reactions/backend",
          put("spec", "strategy", {"type": "Recreate"}), "W08", "type: Recreate"),
    Fault("two set the number of pods", "Deployment reactions/backend",
          put("spec", "replicas", 3), "W10", "replicas: 3"),
    Fault("a selector does not find its own pods", "Deployment whoami/web",
          put("spec", "selector", "matchLabels", "app.kubernetes.io/name", "wbe"), "W11",
          "selector:"),
    Fault("two workloads have the same pods", "Deployment reactions/valkey",
          beside("""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: valkey-new
  namespace: reactions
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: valkey
  template:
    metadata:
      labels:
        app.kubernetes.io/name: valkey
    spec:
      containers:
      - name: valkey
        image: docker.io/valkey/valkey:9.1.1
"""), "W11", "selector:", "Deployment reactions/valkey-new"),
    Fault("a slow job meets the next one", "Secret reactions/valkey", beside(_JOB), "W12", "spec:",
          "CronJob reactions/clean"),
    Fault("a pod holds the node's container runtime", "Deployment whoami/web",
          add(*POD, "volumes", {
              "name": "run", "hostPath": {"path": "/run/k3s/containerd/containerd.sock"}}), "W13",
          "containerd.sock"),
    Fault("a pod holds the whole node", "DaemonSet kube-system/kube-vip",
          add(*POD, "volumes", {"name": "node", "hostPath": {"path": "/"}}), "W13", "path: /"),
    Fault("a variable is there twice", "DaemonSet kube-system/kube-vip",
          add(*CONTAINER, "env", {"name": "address", "value": "192.168.0.3"}), "W14",
          "name: address"),
    Fault("two ports have one name", "Deployment whoami/web",
          add(*CONTAINER, "ports", {"name": "http", "containerPort": 81}), "W14", "name: http"),
    Fault("a Service's port is there twice", "Service whoami/web",
          add("spec", "ports", {"name": "again", "port": 80, "targetPort": "http"}), "W14",
          "port: 80"),
    Fault("two ports of a Service have one name", "Service whoami/web",
          add("spec", "ports", {"name": "http", "port": 81, "targetPort": "http"}), "W14",
          "name: http"),
    Fault("two volumes are mounted at one place", "Deployment reactions/valkey",
          add(*CONTAINER, "volumeMounts", {"name": "valkey", "mountPath": "/run/secrets/valkey"}),
          "W14", "mountPath: /run/secrets/valkey"),
    Fault("streams are cut off at once", "Deployment reactions/backend",
          drop(*CONTAINER, "lifecycle"), "W15", "- name: backend"),
    Fault("streams have no time to end", "Deployment reactions/backend",
          put(*POD, "terminationGracePeriodSeconds", 20), "W15",
          "terminationGracePeriodSeconds: 20"),
)  # fmt: skip
