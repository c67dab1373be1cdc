# Each node's complete cloud-init text. The three roles are three templates on purpose: whoever reads
# one of them sees everything that happens on such a machine.

locals {
  templates = "${path.module}/../../cloud-init"

  scripts = {
    for file in fileset("${local.templates}/scripts", "*.sh") :
    file => file("${local.templates}/scripts/${file}")
  }

  # RKE2 reads subfolders too, but calls each file by its base name.
  bootstrap = {
    for file in fileset("${var.dist}/bootstrap", "**/*.yaml") :
    basename(file) => base64gzip(file("${var.dist}/bootstrap/${file}"))
  }

  object_storage = {
    isk01 = { endpoint = "s3.isk01.sakurastorage.jp", region = "jp-north-1" }
    tky01 = { endpoint = "s3.tky01.sakurastorage.jp", region = "jp-east-1" }
  }[var.cluster.object_storage.site]

  # What the three have in common.
  machine = {
    domain                        = var.cluster.domain
    netmask                       = local.node_netmask
    gateway                       = local.gateway_address
    interface                     = var.cluster.network.interface
    name_servers                  = local.name_servers
    kube_api_address              = local.kube_api_address
    load_balancer_virtual_address = local.load_balancer_virtual_address
    ssh_public_keys               = var.cluster.sakura.ssh_public_keys
    console_password_hash         = var.console_password_hash
    rke2_version                  = var.cluster.rke2.version
    rke2_sha256                   = lookup(var.rke2_sha256, var.cluster.rke2.version, "release")
  }

  first_server_user_data = {
    for name, node in local.servers :
    name => templatefile("${local.templates}/first-server.yaml.tftpl", merge(local.machine, {
      name           = name
      address        = node.address
      config         = file("${var.dist}/nodes/server/config.yaml")
      audit_policy   = file("${var.dist}/nodes/server/audit-policy.yaml")
      sysctl         = file("${var.dist}/nodes/server/sysctl.conf")
      runs_workloads = contains(keys(local.workload_nodes), name)
      has_data_disk  = contains(keys(local.data_disks), name)
      scripts        = local.scripts
      server_token   = var.server_token
      agent_token    = var.agent_token
      cluster        = var.cluster.name
      bootstrap      = local.bootstrap
      etcd_s3 = {
        endpoint = local.object_storage.endpoint
        region   = local.object_storage.region
        bucket   = var.cluster.object_storage.etcd_bucket
        folder   = var.cluster.name
        # The bucket's snapshots are counted over all servers; 5 is RKE2's own default.
        retention  = lookup(yamldecode(file("${var.dist}/nodes/server/config.yaml")), "etcd-snapshot-retention", 5) * var.cluster.servers.count
        access_key = var.etcd_s3_access_key
        secret_key = var.etcd_s3_secret_key
      }
    }))
    if name == local.first_server && !var.cluster_runs
  }

  server_user_data = {
    for name, node in local.servers :
    name => templatefile("${local.templates}/server.yaml.tftpl", merge(local.machine, {
      name           = name
      address        = node.address
      config         = file("${var.dist}/nodes/server/config.yaml")
      audit_policy   = file("${var.dist}/nodes/server/audit-policy.yaml")
      sysctl         = file("${var.dist}/nodes/server/sysctl.conf")
      runs_workloads = contains(keys(local.workload_nodes), name)
      has_data_disk  = contains(keys(local.data_disks), name)
      scripts        = { for file, text in local.scripts : file => text if file != "alone.sh" }
      server_token   = var.server_token
      agent_token    = var.agent_token
    }))
    if name != local.first_server || var.cluster_runs
  }

  agent_user_data = {
    for name, node in local.agents :
    name => templatefile("${local.templates}/agent.yaml.tftpl", merge(local.machine, {
      name          = name
      address       = node.address
      config        = file("${var.dist}/nodes/agent/config.yaml")
      sysctl        = file("${var.dist}/nodes/agent/sysctl.conf")
      has_data_disk = contains(keys(local.data_disks), name)
      scripts       = { for file, text in local.scripts : file => text if !contains(["alone.sh", "hosts.sh"], file) }
      agent_token   = var.agent_token
    }))
  }

  user_data = merge(local.first_server_user_data, local.server_user_data, local.agent_user_data)

  # Base64 has four letters for three bytes; length() alone counts characters.
  user_data_bytes = {
    for name, text in local.user_data : name => nonsensitive(ceil(length(base64encode(text)) * 3 / 4))
  }
}

check "rke2_checksum" {
  assert {
    condition     = contains(keys(var.rke2_sha256), var.cluster.rke2.version)
    error_message = "RKE2 ${var.cluster.rke2.version} has no checksum in terraform/rke2-checksums.yaml: the nodes would trust the list that the release carries itself. Add the line of rke2.linux-amd64.tar.gz from https://github.com/rancher/rke2/releases/download/${replace(var.cluster.rke2.version, "+", "%2B")}/sha256sum-amd64.txt"
  }
}
