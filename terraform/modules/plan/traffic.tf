# Who may talk to whom: internet -> VPC router -> load balancer -> the workload nodes' 80 and 443.

locals {
  # What comes for the public address is brought to the load balancer.
  static_nat = [
    { public_ip = var.cluster.public_address, private_ip = local.load_balancer_virtual_address },
  ]

  # The load balancer cannot translate ports and answers nothing itself: the machines behind it hold
  # its virtual address and reply to the client directly (DSR). Traefik answers /ping with 200 on
  # both ports; on 80 its rule stands before the redirect to https.
  load_balancer_vips = [
    {
      vip        = local.load_balancer_virtual_address
      port       = 80
      delay_loop = 10 # seconds between two checks, the shortest there is
      server = [
        for node in values(local.workload_nodes) :
        { ip_address = node.address, protocol = "http", path = "/ping", status = 200 }
      ]
    },
    {
      vip        = local.load_balancer_virtual_address
      port       = 443
      delay_loop = 10
      server = [
        for node in values(local.workload_nodes) :
        { ip_address = node.address, protocol = "https", path = "/ping", status = 200 }
      ]
    },
  ]

  # The VPC router's firewall on its public side. It keeps state: answers to what the nodes ask for
  # come in without a rule. It has no destination here, because Sakura does not say whether it looks
  # before or after the NAT; the NAT knows one target anyway.
  firewall_receive = concat(
    [
      { protocol = "tcp", destination_port = "80", allow = true, logging = false, description = "visitors, redirected to https" },
      { protocol = "tcp", destination_port = "443", allow = true, logging = false, description = "visitors" },
    ],
    var.cluster.sakura.vpn == null ? [] : [
      { protocol = "udp", destination_port = "51820", allow = true, logging = false, description = "administrators' WireGuard" },
    ],
    [
      { protocol = "ip", destination_port = "", allow = false, logging = true, description = "everything else" },
    ],
  )

  # The packet filter on each node's own interface: the second line, in case the first has a hole.
  # It keeps no state, so the answers from the internet need the ports from 1024 on, to which pods'
  # connections are translated too.
  packet_filter_inside = concat(
    [{ protocol = "ip", source_network = local.node_cidr, destination_port = "", allow = true, description = "nodes, load balancer, NFS" }],
    var.cluster.sakura.vpn == null ? [] : [
      { protocol = "ip", source_network = var.cluster.sakura.vpn.cidr, destination_port = "", allow = true, description = "administrators" },
    ],
  )
  packet_filter_visitors = [
    { protocol = "tcp", source_network = "", destination_port = "80", allow = true, description = "visitors, through the load balancer" },
    { protocol = "tcp", source_network = "", destination_port = "443", allow = true, description = "visitors, through the load balancer" },
  ]
  packet_filter_answers = [
    { protocol = "tcp", source_network = "", destination_port = "1024-65535", allow = true, description = "answers" },
    { protocol = "udp", source_network = "", destination_port = "1024-65535", allow = true, description = "answers" },
    { protocol = "icmp", source_network = "", destination_port = "", allow = true, description = "path MTU" },
    { protocol = "fragment", source_network = "", destination_port = "", allow = true, description = "the rest of large UDP answers" },
    { protocol = "ip", source_network = "", destination_port = "", allow = false, description = "everything else" },
  ]

  packet_filters = {
    server = concat(
      local.packet_filter_inside,
      var.cluster.agents.count > 0 ? [] : local.packet_filter_visitors,
      local.packet_filter_answers,
    )
    agent = concat(
      local.packet_filter_inside,
      local.packet_filter_visitors,
      local.packet_filter_answers,
    )
  }
}
