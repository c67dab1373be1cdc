# Every address that is not a node's. lib/config/cluster.py computes the same ones for dist/.
#
#   host 1        gateway: the VPC router's shared address
#   host 2        kube API: kube-vip moves it between the servers
#   hosts 3, 4    the VPC router's two machines
#   hosts 5, 6    the load balancer's machines (standard has one)
#   host 7        the load balancer's virtual address: every machine behind it holds it on loopback
#   host 8        the NFS appliance, where there is one
#   hosts 9, 10   free
#   hosts 11 ..   servers
#   hosts 257 ..  agents

locals {
  node_cidr    = var.cluster.network.node_cidr
  node_netmask = tonumber(split("/", local.node_cidr)[1])

  gateway_address  = cidrhost(local.node_cidr, 1)
  kube_api_address = cidrhost(local.node_cidr, 2)

  router_addresses = (
    var.cluster.sakura.vpc_router.addresses != null
    ? var.cluster.sakura.vpc_router.addresses
    : tolist([cidrhost(local.node_cidr, 3), cidrhost(local.node_cidr, 4)])
  )

  default_load_balancer_addresses = {
    standard = [cidrhost(local.node_cidr, 5)]
    highspec = [cidrhost(local.node_cidr, 5), cidrhost(local.node_cidr, 6)]
  }
  load_balancer_addresses = (
    var.cluster.sakura.load_balancer.addresses != null
    ? var.cluster.sakura.load_balancer.addresses
    : tolist(local.default_load_balancer_addresses[var.cluster.sakura.load_balancer.plan])
  )
  load_balancer_virtual_address = coalesce(var.cluster.sakura.load_balancer.virtual_address, cidrhost(local.node_cidr, 7))

  nfs_address = (
    var.cluster.storage.kind == "nfs"
    ? coalesce(var.cluster.storage.address, cidrhost(local.node_cidr, 8))
    : null
  )

  # Resolvers inside Sakura's network, the same for all zones of a region.
  name_servers = {
    is1a = ["133.242.0.3", "133.242.0.4"]
    is1b = ["133.242.0.3", "133.242.0.4"]
    is1c = ["133.242.0.3", "133.242.0.4"]
    tk1a = ["210.188.224.10", "210.188.224.11"]
    tk1b = ["210.188.224.10", "210.188.224.11"]
    tk1v = ["210.188.224.10", "210.188.224.11"]
  }[var.cluster.sakura.zone]
}
