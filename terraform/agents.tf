# The machines that run the workloads and answer visitors. With 0 agents the servers do.

resource "sakura_disk" "agent" {
  for_each = local.agents

  name              = module.plan.os_disks[each.key].name
  plan              = module.plan.os_disks[each.key].plan
  size              = module.plan.os_disks[each.key].size_gb
  source_archive_id = data.sakura_archive.ubuntu.id

  lifecycle {
    # A new archive or another size is for new machines. To renew this one: -replace.
    ignore_changes = [source_archive_id, size, plan]
  }
}

resource "sakura_server" "agent" {
  for_each = local.agents

  name   = each.key
  core   = each.value.cores
  memory = each.value.memory_gb
  tags   = ["@group=${local.host_groups[each.value.index % 4]}"]
  disks  = concat([sakura_disk.agent[each.key].id], local.longhorn_disks[each.key])

  network_interface = [{
    upstream         = sakura_vswitch.nodes.id
    user_ip_address  = each.value.address # for the control panel; cloud-init sets it
    packet_filter_id = sakura_packet_filter.agent.id
  }]

  user_data = module.plan.cloud_init[each.key]

  # Its first boot downloads.
  depends_on = [sakura_vpn_router.gateway, sakura_packet_filter_rules.agent]

  lifecycle {
    # A changed text would restart the machine, which reads it only once anyway.
    ignore_changes = [user_data]
    # A new OS disk without its text would boot as nobody.
    replace_triggered_by = [sakura_disk.agent[each.key].id]
  }
}

resource "sakura_packet_filter" "agent" {
  name = "${local.prefix}-agent"
}

resource "sakura_packet_filter_rules" "agent" {
  packet_filter_id = sakura_packet_filter.agent.id

  expression = [
    for rule in module.plan.packet_filters.agent : {
      protocol         = rule.protocol
      source_network   = rule.source_network
      destination_port = rule.destination_port
      allow            = rule.allow
      description      = rule.description
    }
  ]
}
