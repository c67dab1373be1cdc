# The load balancer beside the nodes: visitors' packets go through it, the answers straight back from
# the node (DSR). Its real servers are the agents, or the servers where there are no agents.

resource "sakura_dsr_lb" "visitors" {
  count = var.stage == "nodes" ? 1 : 0

  name = "${local.prefix}-visitors"
  plan = local.cluster.sakura.load_balancer.plan

  network_interface = {
    vswitch_id   = sakura_vswitch.nodes.id
    vrid         = 2
    ip_addresses = module.plan.network.load_balancer_addresses
    netmask      = module.plan.network.netmask
    gateway      = module.plan.network.gateway_address
  }

  vip = [
    for it in module.plan.load_balancer_vips : {
      vip        = it.vip
      port       = it.port
      delay_loop = it.delay_loop
      server = [
        for server in it.server : {
          ip_address = server.ip_address
          protocol   = server.protocol
          path       = server.path
          status     = server.status
        }
      ]
    }
  ]
}
