# What has to be written down elsewhere. No secret: docs/terraform.md says how to read those.

output "public_address" {
  description = "What public_address in the cluster file has to be."
  value       = contains(local.visitors_addresses, local.cluster.public_address) ? local.cluster.public_address : local.visitors_addresses[0]
}

output "dns_zone_id" {
  description = "What dns.zone_id in the cluster file has to be; null where Sakura does not serve the zone."
  value       = one(sakura_dns.zone[*].id)
}

output "dns_servers" {
  description = "Name servers to enter at the domain's registrar; null where Sakura does not serve the zone."
  value       = one(sakura_dns.zone[*].dns_servers)
}

output "nodes" {
  description = "Node -> role and address."
  value       = { for name, node in local.machines : name => { role = node.role, address = node.address } }
}

output "wire_guard_public_key" {
  description = "The VPC router's key, for the administrators' WireGuard; null without sakura.vpn."
  value       = one([for router in sakura_vpn_router.gateway : router.wire_guard.public_key if module.plan.wire_guard != null])
}
