"""Y and G06: files that readers take for something else, or cannot read at all."""

from __future__ import annotations

from tests.gate.faults.fault import FILE, Fault, beside, drop, put, text

FAULTS = (
    Fault("a file ends in the middle of a list", "Service whoami/web",
          text("  selector:\n", "  selector: [\n"), "Y01", "app.kubernetes.io/name: web", FILE),
    Fault("a tab indents a line", "Namespace whoami",
          text("  name: whoami", "\tname: whoami"), "Y01", "\tname: whoami", FILE),
    Fault("a merge left its marks behind", "Deployment whoami/web",
          text("  replicas: 2\n", "<<<<<<< HEAD\n  replicas: 2\n=======\n  replicas: 3\n"),
          "Y01", "  replicas: 2", FILE),
    Fault("a key is given twice", "Deployment whoami/web",
          text("  replicas: 2\n", "  replicas: 2\n  replicas: 3\n"), "Y02", "replicas: 3"),
    Fault("a label is given twice", "Service reactions/backend",
          text("  labels:\n", "  labels:\n    app.kubernetes.io/name: old\n"),
          "Y02", "app.kubernetes.io/name: backend"),
    Fault("a variable's value is on without quotes", "DaemonSet kube-system/kube-vip",
          text('svc_enable\n          value: "false"', "svc_enable\n          value: on"),
          "Y03", "value: on"),
    Fault("a time of day has no quotes", "RecurringJob longhorn-system/trim",
          text('cron: "0 20 * * 6"', "cron: 20:30"), "Y03", "cron: 20:30"),
    Fault("an object has no kind", "Service whoami/web", drop("kind"), "Y04",
          "apiVersion: v1", "whoami/web"),
    Fault("an object has no name", "Service whoami/web", drop("metadata", "name"), "Y04",
          "apiVersion: v1", "Service whoami"),
    Fault("a list stands where an object should", "Middleware traefik/login",
          beside("- apiVersion: v1\n  kind: Service\n"), "Y04", "- apiVersion: v1", FILE),
    Fault("an object is there twice", "Service whoami/web",
          beside("apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: whoami\n"),
          "G06", "name: web"),
    Fault("two objects of one namespace have the same name", "Middleware reactions/tap-rate",
          put("metadata", "name", "stream-rate"), "G06", "name: stream-rate",
          "Middleware reactions/stream-rate"),
)  # fmt: skip
