# The node map: which machine has which address, size and disks.

locals {
  servers = {
    for i in range(var.cluster.servers.count) : "${var.cluster.node_prefix}-rke2-server-${i}" => {
      role       = "server"
      index      = i
      address    = cidrhost(local.node_cidr, 11 + i)
      cores      = var.cluster.servers.cores
      memory_gb  = var.cluster.servers.memory_gb
      os_disk_gb = var.cluster.servers.os_disk_gb
    }
  }

  agents = {
    for i in range(var.cluster.agents.count) : "${var.cluster.node_prefix}-rke2-agent-${i}" => {
      role       = "agent"
      index      = i
      address    = cidrhost(local.node_cidr, 257 + i)
      cores      = var.cluster.agents.cores
      memory_gb  = var.cluster.agents.memory_gb
      os_disk_gb = var.cluster.agents.os_disk_gb
    }
  }

  nodes = merge(local.servers, local.agents)

  # The machines that answer on 80 and 443 and hold the volumes: the agents. A cluster without
  # agents runs everything on its servers.
  workload_nodes = var.cluster.agents.count > 0 ? local.agents : local.servers

  first_server = "${var.cluster.node_prefix}-rke2-server-0"

  # Longhorn's blank disk, one per workload node, by node.
  data_disks = {
    for name, node in local.workload_nodes : name => {
      name    = "${name}-longhorn"
      plan    = var.cluster.storage.disk_plan
      size_gb = var.cluster.storage.disk_gb
    }
    if var.cluster.storage.kind == "longhorn"
  }

  os_disks = {
    for name, node in local.nodes : name => {
      name    = "${name}-os"
      plan    = "ssd"
      size_gb = node.os_disk_gb
    }
  }
}
