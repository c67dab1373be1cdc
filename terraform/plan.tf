# Which machine has which address, size, disks and first-boot text: modules/plan says it, from the
# cluster file and from yagura's output. The other files turn that into what Sakura sells.

locals {
  cluster = yamldecode(file("${path.module}/../clusters/${var.cluster}.yaml"))
  prefix  = local.cluster.node_prefix
}

module "plan" {
  source = "./modules/plan"

  cluster      = local.cluster
  dist         = "${path.module}/../dist/${var.cluster}"
  rke2_sha256  = yamldecode(file("${path.module}/rke2-checksums.yaml"))
  cluster_runs = var.cluster_runs

  server_token          = var.server_token
  agent_token           = var.agent_token
  console_password_hash = var.console_password_hash
  etcd_s3_access_key    = sakura_object_storage_permission.etcd.access_key
  etcd_s3_secret_key    = sakura_object_storage_permission.etcd.secret_key
}

locals {
  # The network stage makes no machine.
  machines = var.stage == "nodes" ? module.plan.nodes : {}

  first_server  = { for name, node in local.machines : name => node if name == module.plan.first_server }
  other_servers = { for name, node in local.machines : name => node if node.role == "server" && name != module.plan.first_server }
  agents        = { for name, node in local.machines : name => node if node.role == "agent" }
}
