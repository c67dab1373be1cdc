# What the volumes lie on: a blank disk of each machine that runs workloads (Longhorn), or one NFS
# appliance. Neither is ever destroyed by Terraform; docs/terraform.md says how to let go of one.

resource "sakura_disk" "longhorn" {
  for_each = var.stage == "nodes" ? module.plan.data_disks : {}

  name = each.value.name
  plan = each.value.plan
  size = each.value.size_gb

  lifecycle {
    prevent_destroy = true
    # A disk cannot grow; another size is for new machines.
    ignore_changes = [size, plan]
  }
}

locals {
  # Node -> its blank disk, if it has one.
  longhorn_disks = {
    for name in keys(local.machines) :
    name => [for node, disk in sakura_disk.longhorn : disk.id if node == name]
  }
}

resource "sakura_nfs" "volumes" {
  count = var.stage == "nodes" && module.plan.nfs != null ? 1 : 0

  name = "${local.prefix}-volumes"
  plan = module.plan.nfs.plan
  size = module.plan.nfs.size_gb

  network_interface = {
    vswitch_id = sakura_vswitch.nodes.id
    ip_address = module.plan.nfs.address
    netmask    = module.plan.network.netmask
    gateway    = module.plan.network.gateway_address
  }

  lifecycle {
    prevent_destroy = true
  }
}
