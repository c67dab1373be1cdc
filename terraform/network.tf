# From the internet to the nodes: router and switch -> VPC router -> the nodes' switch.

# The router and switch that brings the public addresses: three for the VPC router's public side,
# the fourth for visitors.
resource "sakura_internet" "public" {
  name       = "${local.prefix}-public"
  netmask    = local.cluster.sakura.internet.netmask
  band_width = local.cluster.sakura.internet.bandwidth_mbps

  lifecycle {
    # Its addresses would be gone, and DNS would lead to whoever gets them next.
    prevent_destroy = true

    postcondition {
      condition     = var.stage == "network" || contains(slice(self.ip_addresses, 3, length(self.ip_addresses)), local.cluster.public_address)
      error_message = "public_address in clusters/${var.cluster}.yaml is ${local.cluster.public_address}, which is not the cluster's. Write ${self.ip_addresses[3]} there, run make synth, and apply again."
    }
  }
}

locals {
  # The VPC router's own come first.
  router_public_addresses = slice(sakura_internet.public.ip_addresses, 0, 3)
  visitors_addresses      = slice(sakura_internet.public.ip_addresses, 3, length(sakura_internet.public.ip_addresses))
}

check "public_address" {
  assert {
    condition     = var.stage == "nodes" || contains(local.visitors_addresses, local.cluster.public_address)
    error_message = "The network is there. Now write public_address: ${local.visitors_addresses[0]} in clusters/${var.cluster}.yaml, run make synth, and apply without -var stage=network."
  }
}

# All nodes, the load balancer and NFS; no DHCP, so cloud-init sets the addresses.
resource "sakura_vswitch" "nodes" {
  name = "${local.prefix}-nodes"
}

# The gateway: visitors come in by its static NAT, nodes go out by its masquerading, administrators
# dial in by its WireGuard.
resource "sakura_vpn_router" "gateway" {
  count = var.stage == "nodes" ? 1 : 0

  name = "${local.prefix}-gateway"
  plan = local.cluster.sakura.vpc_router.plan

  public_network_interface = {
    vswitch_id   = sakura_internet.public.vswitch_id
    vip          = local.router_public_addresses[0]
    ip_addresses = [local.router_public_addresses[1], local.router_public_addresses[2]]
    aliases      = [for nat in module.plan.static_nat : nat.public_ip]
    vrid         = 1 # the load balancer is 2: they share the nodes' switch
  }

  private_network_interface = [{
    index        = 1
    vswitch_id   = sakura_vswitch.nodes.id
    vip          = module.plan.network.gateway_address
    ip_addresses = module.plan.network.router_addresses
    netmask      = module.plan.network.netmask
  }]

  static_nat = [
    for nat in module.plan.static_nat : {
      public_ip   = nat.public_ip
      private_ip  = nat.private_ip
      description = "visitors, to the load balancer"
    }
  ]

  firewall = [{
    interface_index = 0 # the public side
    direction       = "receive"
    expression = [
      for rule in module.plan.firewall_receive : {
        protocol            = rule.protocol
        source_network      = ""
        source_port         = ""
        destination_network = ""
        destination_port    = rule.destination_port
        allow               = rule.allow
        logging             = rule.logging
        description         = rule.description
      }
    ]
  }]

  wire_guard = module.plan.wire_guard == null ? null : {
    ip_address = module.plan.wire_guard.ip_address
    peer = [
      for peer in module.plan.wire_guard.peers : {
        name       = peer.name
        ip_address = peer.address
        public_key = peer.public_key
      }
    ]
  }

  # When Sakura may restart it for an update.
  scheduled_maintenance = {
    day_of_week = "mon"
    hour        = 3
  }

  lifecycle {
    # A changed bandwidth makes these "known after apply", and the router would be made anew for it.
    ignore_changes = [
      public_network_interface.vswitch_id,
      public_network_interface.vip,
      public_network_interface.ip_addresses,
    ]
  }
}
