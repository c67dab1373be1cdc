# The DNS zone, where Sakura serves it. external-dns writes the records, cert-manager its challenges.

resource "sakura_dns" "zone" {
  count = local.cluster.dns.provider == "sakura" ? 1 : 0

  zone = local.cluster.dns.zone

  lifecycle {
    prevent_destroy = true

    postcondition {
      condition     = var.stage == "network" || self.id == tostring(local.cluster.dns.zone_id)
      error_message = "dns.zone_id in clusters/${var.cluster}.yaml is ${local.cluster.dns.zone_id}, which is another zone. Write ${self.id} there, run make synth, and apply again."
    }
  }
}
