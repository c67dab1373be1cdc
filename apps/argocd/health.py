"""Health checks that Argo CD lacks, in its own Lua: without them a sync wave waits for nothing.

Source: docs/operator-manual/health.md of argoproj/argo-cd (Application health left the built-in
checks in 1.8), and the conditions of pkg/apis/helm.cattle.io/v1/types.go of k3s-io/helm-controller.
"""

APPLICATION_HEALTH = """\
local health = { status = "Progressing", message = "not compared with git yet" }
local status = obj.status or {}
if status.sync == nil or status.sync.status == "Unknown" then
  for _, condition in ipairs(status.conditions or {}) do
    health.message = condition.message
  end
  return health
end
if status.health ~= nil and status.health.status ~= nil then
  health.status = status.health.status
  health.message = status.health.message or ""
end
return health
"""

# The resource never says "installed", only that its Job was made and has not failed.
HELM_CHART_HEALTH = """\
local annotations = obj.metadata.annotations or {}
if annotations["helmcharts.helm.cattle.io/unmanaged"] ~= nil then
  return { status = "Healthy", message = "handed over: the helm controller leaves it alone" }
end
local health = { status = "Progressing", message = "waiting for the helm controller" }
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.type == "Failed" and condition.status == "True" then
    return { status = "Degraded", message = condition.message or condition.reason or "failed" }
  end
  if condition.type == "JobCreated" and condition.status == "True" then
    health = { status = "Healthy", message = condition.message or "" }
  end
end
return health
"""
