# The control plane. The first server founds the cluster and brings the bootstrap manifests; the
# others join it. Each has an OS disk from Ubuntu's archive and one interface, on the nodes' switch.

locals {
  # What the archive's name has in it.
  ubuntu = { ubuntu2404 = "24.04", ubuntu2204 = "22.04" }[local.cluster.sakura.os_archive]
}

# Only archives with cloud-init take user data; os_type would find the one without. The name is
# searched for as a part, so that a new point release is found too.
data "sakura_archive" "ubuntu" {
  name = local.ubuntu
  tags = ["cloud-init", "distro-ubuntu"]
}

# --- the first server -----------------------------------------------------------------------------

resource "sakura_disk" "first_server" {
  for_each = local.first_server

  name              = module.plan.os_disks[each.key].name
  plan              = module.plan.os_disks[each.key].plan
  size              = module.plan.os_disks[each.key].size_gb
  source_archive_id = data.sakura_archive.ubuntu.id

  lifecycle {
    # A new archive or another size is for new machines. To renew this one: -replace.
    ignore_changes = [source_archive_id, size, plan]
  }
}

resource "sakura_server" "first_server" {
  for_each = local.first_server

  name   = each.key
  core   = each.value.cores
  memory = each.value.memory_gb
  tags   = ["@group=${local.host_groups[each.value.index % 4]}"]
  disks  = concat([sakura_disk.first_server[each.key].id], local.longhorn_disks[each.key])

  network_interface = [{
    upstream         = sakura_vswitch.nodes.id
    user_ip_address  = each.value.address # for the control panel; cloud-init sets it
    packet_filter_id = sakura_packet_filter.server.id
  }]

  user_data = module.plan.cloud_init[each.key]

  # Its first boot downloads.
  depends_on = [sakura_vpn_router.gateway, sakura_packet_filter_rules.server]

  lifecycle {
    # A changed text would restart the machine, which reads it only once anyway.
    ignore_changes = [user_data]
    # A new OS disk without its text would boot as nobody.
    replace_triggered_by = [sakura_disk.first_server[each.key].id]
  }
}

# --- the other servers ----------------------------------------------------------------------------

resource "sakura_disk" "server" {
  for_each = local.other_servers

  name              = module.plan.os_disks[each.key].name
  plan              = module.plan.os_disks[each.key].plan
  size              = module.plan.os_disks[each.key].size_gb
  source_archive_id = data.sakura_archive.ubuntu.id

  lifecycle {
    ignore_changes = [source_archive_id, size, plan]
  }
}

resource "sakura_server" "server" {
  for_each = local.other_servers

  name   = each.key
  core   = each.value.cores
  memory = each.value.memory_gb
  tags   = ["@group=${local.host_groups[each.value.index % 4]}"]
  disks  = concat([sakura_disk.server[each.key].id], local.longhorn_disks[each.key])

  network_interface = [{
    upstream         = sakura_vswitch.nodes.id
    user_ip_address  = each.value.address
    packet_filter_id = sakura_packet_filter.server.id
  }]

  user_data = module.plan.cloud_init[each.key]

  depends_on = [sakura_vpn_router.gateway, sakura_packet_filter_rules.server]

  lifecycle {
    ignore_changes       = [user_data]
    replace_triggered_by = [sakura_disk.server[each.key].id]
  }
}

# --- both -----------------------------------------------------------------------------------------

locals {
  # Sakura starts machines whose tags name different groups (there are four) on different hosts.
  host_groups = ["a", "b", "c", "d"]
}

resource "sakura_packet_filter" "server" {
  name = "${local.prefix}-server"
}

resource "sakura_packet_filter_rules" "server" {
  packet_filter_id = sakura_packet_filter.server.id

  expression = [
    for rule in module.plan.packet_filters.server : {
      protocol         = rule.protocol
      source_network   = rule.source_network
      destination_port = rule.destination_port
      allow            = rule.allow
      description      = rule.description
    }
  ]
}
