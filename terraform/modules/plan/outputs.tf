output "network" {
  description = "The addresses that are not a node's."
  value = {
    node_cidr                     = local.node_cidr
    netmask                       = local.node_netmask
    gateway_address               = local.gateway_address
    kube_api_address              = local.kube_api_address
    router_addresses              = local.router_addresses
    load_balancer_addresses       = local.load_balancer_addresses
    load_balancer_virtual_address = local.load_balancer_virtual_address
    nfs_address                   = local.nfs_address
    name_servers                  = local.name_servers
  }

  precondition {
    condition = length(distinct(concat(
      [local.gateway_address, local.kube_api_address, local.load_balancer_virtual_address],
      local.router_addresses, local.load_balancer_addresses, compact([local.nfs_address]),
      ))) == length(concat(
      [local.gateway_address, local.kube_api_address, local.load_balancer_virtual_address],
      local.router_addresses, local.load_balancer_addresses, compact([local.nfs_address]),
    ))
    error_message = "Two machines have one address: router ${join(", ", local.router_addresses)}; load balancer ${join(", ", local.load_balancer_addresses)}, virtual ${local.load_balancer_virtual_address}; NFS ${coalesce(local.nfs_address, "none")}. Give them different ones among hosts 3 to 10, and mind the defaults: router 3 and 4, load balancer 5 and 6, virtual 7, NFS 8."
  }

  precondition {
    condition     = basename(var.dist) == var.cluster.name
    error_message = "The cluster file is ${var.cluster.name}'s and the folder is ${var.dist}. Give both of one cluster."
  }
}

output "nodes" {
  description = "Name -> role, index, address, cores, memory_gb, os_disk_gb."
  value       = local.nodes
}

output "os_disks" {
  description = "Node -> name, plan, size_gb of the disk that the OS is copied to."
  value       = local.os_disks
}

output "data_disks" {
  description = "Node -> name, plan, size_gb of Longhorn's blank disk; empty with NFS."
  value       = local.data_disks
}

output "nfs" {
  description = "The NFS appliance, or null with Longhorn."
  value = var.cluster.storage.kind != "nfs" ? null : {
    plan    = var.cluster.storage.plan
    size_gb = var.cluster.storage.size_gb
    address = local.nfs_address
  }
}

output "buckets" {
  description = "Buckets by their use."
  value = merge(
    {
      etcd      = var.cluster.object_storage.etcd_bucket
      terraform = var.cluster.object_storage.terraform_bucket
    },
    var.cluster.storage.kind == "longhorn" ? { longhorn = var.cluster.storage.backup_bucket } : {},
  )
}

output "object_storage" {
  description = "Endpoint (host name) and region of the object storage."
  value       = local.object_storage
}

output "static_nat" {
  description = "Public address -> the load balancer's virtual address."
  value       = local.static_nat
}

output "load_balancer_vips" {
  description = "Ports of the load balancer, with their real servers and health checks."
  value       = local.load_balancer_vips
}

output "wire_guard" {
  description = "The VPC router's address in the administrators' VPN, and their computers; null without sakura.vpn."
  value = var.cluster.sakura.vpn == null ? null : {
    ip_address = "${cidrhost(var.cluster.sakura.vpn.cidr, 1)}/${split("/", var.cluster.sakura.vpn.cidr)[1]}"
    peers      = var.cluster.sakura.vpn.peers
  }
}

output "firewall_receive" {
  description = "Rules of the VPC router's public side, first match wins."
  value       = local.firewall_receive
}

output "packet_filters" {
  description = "Role -> rules of its nodes' interfaces, first match wins."
  value       = local.packet_filters

  precondition {
    condition     = alltrue([for rules in values(local.packet_filters) : length(rules) <= 30])
    error_message = "A packet filter has more than Sakura's 30 rules. Take some out of traffic.tf."
  }
}

output "first_server" {
  description = "Name of the server that founds the cluster."
  value       = local.first_server
}

output "cloud_init" {
  description = "Node -> its complete cloud-init text; holds the secrets."
  value       = local.user_data
  sensitive   = true

  precondition {
    condition     = alltrue([for bytes in values(local.user_data_bytes) : bytes <= var.user_data_limit])
    error_message = "The cloud-init text of ${join(", ", [for name, bytes in local.user_data_bytes : "${name} (${bytes} bytes)" if bytes > var.user_data_limit])} is longer than ${var.user_data_limit} bytes. Keep in dist/ bootstrap/ only what has to exist before Argo CD."
  }
}

output "cloud_init_bytes" {
  description = "Node -> length of its cloud-init text."
  value       = local.user_data_bytes
}
