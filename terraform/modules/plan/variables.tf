# What the plan is made from: the cluster file, yagura's output for it, and the secrets.

variable "cluster" {
  # Callers pass yamldecode(file("clusters/<name>.yaml")) as it is. The keys are explained in that
  # file and in schemas/cluster.schema.json; here stand those that machines and networks follow from.
  # yagura itself checks the whole file (`yagura synth`); the rules below are the ones that would
  # otherwise cost money, or an outage, to find out.
  description = "The decoded cluster file."

  type = object({
    name           = string
    domain         = string
    public_address = string
    node_prefix    = string

    sakura = object({
      zone = string
      internet = object({
        netmask        = number
        bandwidth_mbps = number
      })
      vpc_router = object({
        plan      = string
        addresses = optional(list(string)) # hosts 3 and 4
      })
      load_balancer = object({
        plan            = string
        addresses       = optional(list(string)) # host 5, and host 6 for highspec
        virtual_address = optional(string)       # host 7
      })
      vpn = optional(object({
        cidr = string
        peers = list(object({
          name       = string
          address    = string
          public_key = string
        }))
      }))
      os_archive      = string
      ssh_public_keys = list(string)
    })

    network = object({
      node_cidr    = string
      pod_cidr     = string
      service_cidr = string
      interface    = optional(string, "eth0")
    })

    servers = object({
      count      = number
      cores      = number
      memory_gb  = number
      os_disk_gb = number
    })

    agents = object({
      count      = number
      cores      = number
      memory_gb  = number
      os_disk_gb = number
    })

    rke2 = object({
      version = string
    })

    object_storage = object({
      site             = string
      etcd_bucket      = string
      terraform_bucket = string
    })

    storage = object({
      kind = string # longhorn or nfs

      # kind longhorn
      disk_gb       = optional(number)
      disk_plan     = optional(string, "ssd")
      backup_bucket = optional(string)

      # kind nfs
      plan    = optional(string)
      size_gb = optional(number)
      address = optional(string) # host 8
    })

    dns = object({
      provider = string
      zone     = string
    })
  })

  # --- machines ---------------------------------------------------------------------------------

  validation {
    condition     = contains([1, 3, 5], var.cluster.servers.count)
    error_message = "servers.count is ${var.cluster.servers.count}: an even number survives no more failures than one fewer, and more than 5 only slow etcd down. Use 1, 3 or 5."
  }

  validation {
    condition     = contains(range(41), var.cluster.agents.count)
    error_message = "agents.count is ${var.cluster.agents.count}: the load balancer takes 40 machines at most. Use 0 to 40."
  }

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", var.cluster.node_prefix))
    error_message = "node_prefix is \"${var.cluster.node_prefix}\": it begins the host names. Use at most 40 lower-case letters, digits and inner hyphens."
  }

  validation {
    condition = alltrue([
      for size in [var.cluster.servers.os_disk_gb, var.cluster.agents.os_disk_gb] :
      contains([20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048, 4096], size)
    ])
    error_message = "os_disk_gb is ${var.cluster.servers.os_disk_gb} (servers) and ${var.cluster.agents.os_disk_gb} (agents): Sakura sells disks of 20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048 and 4096 GB. Use one of these."
  }

  validation {
    condition     = can(regex("^v1\\.[0-9]{1,2}\\.[0-9]{1,2}\\+rke2r[0-9]{1,2}$", var.cluster.rke2.version))
    error_message = "rke2.version is \"${var.cluster.rke2.version}\": use a release of rancher/rke2 such as v1.36.3+rke2r1."
  }

  validation {
    condition     = contains(["ubuntu2404", "ubuntu2204"], var.cluster.sakura.os_archive)
    error_message = "sakura.os_archive is \"${var.cluster.sakura.os_archive}\": cloud-init's texts are written for Ubuntu. Use ubuntu2404 or ubuntu2204."
  }

  validation {
    condition     = length(var.cluster.sakura.ssh_public_keys) > 0
    error_message = "sakura.ssh_public_keys is empty: nobody could log in to the nodes. Give at least one OpenSSH public key."
  }

  # --- networks ---------------------------------------------------------------------------------

  validation {
    condition = alltrue([
      for cidr in [var.cluster.network.node_cidr, var.cluster.network.pod_cidr, var.cluster.network.service_cidr] :
      can(cidrhost(cidr, 0)) && try(cidrhost(cidr, 0) == split("/", cidr)[0], false)
    ])
    error_message = "A network is not written as ADDRESS/LENGTH with all host bits 0: node_cidr ${var.cluster.network.node_cidr}, pod_cidr ${var.cluster.network.pod_cidr}, service_cidr ${var.cluster.network.service_cidr}. Write it like 192.168.0.0/22."
  }

  validation {
    condition     = contains(range(16, 24), try(tonumber(split("/", var.cluster.network.node_cidr)[1]), 0))
    error_message = "network.node_cidr is ${var.cluster.network.node_cidr}: agents begin at host 257, beyond a /24, and the VPC router takes no network wider than /16. Use a network from /16 to /23, such as 192.168.0.0/22."
  }

  validation {
    condition = anytrue([
      for private in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] :
      try(cidrhost("${split("/", var.cluster.network.node_cidr)[0]}/${split("/", private)[1]}", 0) == split("/", private)[0], false)
    ])
    error_message = "network.node_cidr is ${var.cluster.network.node_cidr}: not a private network, so it belongs to someone on the internet. Choose one inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16."
  }

  validation {
    # Two networks overlap if they begin alike in as many bits as the wider one has.
    condition = alltrue(flatten([
      for index, one in [var.cluster.network.node_cidr, var.cluster.network.pod_cidr, var.cluster.network.service_cidr, try(var.cluster.sakura.vpn.cidr, "255.255.255.255/32")] : [
        for other in slice([var.cluster.network.node_cidr, var.cluster.network.pod_cidr, var.cluster.network.service_cidr, try(var.cluster.sakura.vpn.cidr, "255.255.255.255/32")], index + 1, 4) :
        try(
          cidrhost("${split("/", one)[0]}/${min(tonumber(split("/", one)[1]), tonumber(split("/", other)[1]))}", 0)
          != cidrhost("${split("/", other)[0]}/${min(tonumber(split("/", one)[1]), tonumber(split("/", other)[1]))}", 0),
          true # not a network at all: another rule says so
        )
      ]
    ]))
    error_message = "Two of these networks overlap: node_cidr ${var.cluster.network.node_cidr}, pod_cidr ${var.cluster.network.pod_cidr}, service_cidr ${var.cluster.network.service_cidr}, vpn ${try(var.cluster.sakura.vpn.cidr, "none")}. Move one of them."
  }

  validation {
    condition = can(cidrhost("${var.cluster.public_address}/32", 0)) && !anytrue([
      for private in ["0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3"] :
      try(cidrhost("${var.cluster.public_address}/${split("/", private)[1]}", 0) == split("/", private)[0], false)
    ])
    error_message = "public_address is \"${var.cluster.public_address}\": visitors cannot reach it. Give the address that the output public_address shows after the network stage."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,14}$", var.cluster.network.interface))
    error_message = "network.interface is \"${var.cluster.network.interface}\": use a Linux interface name such as eth0."
  }

  # --- what stands beside the nodes ---------------------------------------------------------------

  validation {
    condition     = contains(["is1a", "is1b", "is1c", "tk1a", "tk1b", "tk1v"], var.cluster.sakura.zone)
    error_message = "sakura.zone is \"${var.cluster.sakura.zone}\": use is1a, is1b, is1c, tk1a, tk1b or tk1v."
  }

  validation {
    condition     = contains([26, 27, 28], var.cluster.sakura.internet.netmask)
    error_message = "sakura.internet.netmask is ${var.cluster.sakura.internet.netmask}: use 28 (16 addresses), 27 or 26."
  }

  validation {
    condition     = contains(concat([100, 250], range(500, 10001, 500)), var.cluster.sakura.internet.bandwidth_mbps)
    error_message = "sakura.internet.bandwidth_mbps is ${var.cluster.sakura.internet.bandwidth_mbps}: use 100, 250, or a multiple of 500 up to 10000."
  }

  validation {
    condition     = contains(["premium", "highspec", "highspec4000"], var.cluster.sakura.vpc_router.plan)
    error_message = "sakura.vpc_router.plan is \"${var.cluster.sakura.vpc_router.plan}\": use premium, highspec or highspec4000; the standard plan has no static NAT."
  }

  validation {
    condition     = var.cluster.sakura.vpc_router.addresses == null || try(length(var.cluster.sakura.vpc_router.addresses), 0) == 2
    error_message = "sakura.vpc_router.addresses holds ${try(length(var.cluster.sakura.vpc_router.addresses), 0)}: the router is two machines. Give two addresses, or leave the key out for hosts 3 and 4."
  }

  validation {
    condition     = contains(["standard", "highspec"], var.cluster.sakura.load_balancer.plan)
    error_message = "sakura.load_balancer.plan is \"${var.cluster.sakura.load_balancer.plan}\": use standard (one machine) or highspec (two)."
  }

  validation {
    condition = (
      var.cluster.sakura.load_balancer.addresses == null ||
      try(length(var.cluster.sakura.load_balancer.addresses), 0) == (var.cluster.sakura.load_balancer.plan == "standard" ? 1 : 2)
    )
    error_message = "sakura.load_balancer.addresses holds ${try(length(var.cluster.sakura.load_balancer.addresses), 0)} for the plan ${var.cluster.sakura.load_balancer.plan}: give one for standard, two for highspec, or leave the key out."
  }

  validation {
    condition = alltrue([
      for address in concat(
        coalesce(var.cluster.sakura.vpc_router.addresses, []),
        coalesce(var.cluster.sakura.load_balancer.addresses, []),
        compact([var.cluster.sakura.load_balancer.virtual_address, var.cluster.storage.address]),
      ) :
      contains([for number in range(3, 11) : try(cidrhost(var.cluster.network.node_cidr, number), "")], address)
    ])
    error_message = "An address of the router, the load balancer or the NFS appliance is not host 3 to 10 of ${var.cluster.network.node_cidr}, which are kept free for them. Choose from ${try(cidrhost(var.cluster.network.node_cidr, 3), "host 3")} to ${try(cidrhost(var.cluster.network.node_cidr, 10), "host 10")}."
  }

  # --- storage ------------------------------------------------------------------------------------

  validation {
    condition     = contains(["longhorn", "nfs"], var.cluster.storage.kind)
    error_message = "storage.kind is \"${var.cluster.storage.kind}\": use longhorn (a blank disk per agent) or nfs (Sakura's appliance)."
  }

  validation {
    condition = var.cluster.storage.kind != "longhorn" || (
      contains([20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048, 4096], coalesce(var.cluster.storage.disk_gb, 0))
      && contains(["ssd", "hdd"], var.cluster.storage.disk_plan)
      && var.cluster.storage.backup_bucket != null
    )
    error_message = "storage with kind longhorn needs disk_gb (20, 40, 60, 80, 100, 250, 500, 750, 1024, 2048 or 4096), disk_plan (ssd or hdd) and backup_bucket; given are ${coalesce(var.cluster.storage.disk_gb, "no")} GB, ${var.cluster.storage.disk_plan} and ${coalesce(var.cluster.storage.backup_bucket, "no bucket")}."
  }

  validation {
    condition = var.cluster.storage.kind != "nfs" || (
      (coalesce(var.cluster.storage.plan, "none") == "ssd" && contains([20, 100, 500, 1024, 2048, 4096], coalesce(var.cluster.storage.size_gb, 0))) ||
      (coalesce(var.cluster.storage.plan, "none") == "hdd" && contains([100, 500, 1024, 2048, 4096, 8192, 12288], coalesce(var.cluster.storage.size_gb, 0)))
    )
    error_message = "storage with kind nfs is ${coalesce(var.cluster.storage.size_gb, "no")} GB with plan ${coalesce(var.cluster.storage.plan, "none")}: Sakura sells ssd with 20, 100, 500, 1024, 2048 or 4096 GB, hdd with 100, 500, 1024, 2048, 4096, 8192 or 12288 GB."
  }

  validation {
    condition = length(distinct(compact([
      var.cluster.object_storage.etcd_bucket,
      var.cluster.object_storage.terraform_bucket,
      var.cluster.storage.backup_bucket,
    ]))) == (var.cluster.storage.backup_bucket == null ? 2 : 3)
    error_message = "A bucket is used twice: each writer removes old files by its own rules. Give object_storage.etcd_bucket, object_storage.terraform_bucket and storage.backup_bucket different names."
  }

  validation {
    condition     = contains(["isk01", "tky01"], var.cluster.object_storage.site)
    error_message = "object_storage.site is \"${var.cluster.object_storage.site}\": use isk01 or tky01."
  }

  validation {
    condition     = contains(["cloudflare", "sakura"], var.cluster.dns.provider)
    error_message = "dns.provider is \"${var.cluster.dns.provider}\": use cloudflare or sakura."
  }
}

variable "dist" {
  description = "The cluster's folder in dist/: RKE2's configuration and the bootstrap manifests lie there."
  type        = string

  validation {
    condition = alltrue([
      for file in ["server/config.yaml", "server/audit-policy.yaml", "server/sysctl.conf", "agent/config.yaml", "agent/sysctl.conf"] :
      fileexists("${var.dist}/nodes/${file}")
    ])
    error_message = "${var.dist}/nodes is not complete (server/config.yaml, server/audit-policy.yaml, server/sysctl.conf, agent/config.yaml, agent/sysctl.conf). Run: make synth"
  }

  validation {
    condition     = length(fileset("${var.dist}/bootstrap", "**/*.yaml")) > 0
    error_message = "${var.dist}/bootstrap holds no manifest, so nothing would come up. Run: make synth"
  }

  validation {
    # RKE2 calls each file by its base name, and applies only one of two that share it.
    condition = length(fileset("${var.dist}/bootstrap", "**/*.yaml")) == length(distinct(concat(
      [for file in fileset("${var.dist}/bootstrap", "**/*.yaml") : basename(file)],
    )))
    error_message = "Two files in ${var.dist}/bootstrap have one base name; RKE2 would apply only one of them. Rename an object in apps/, then run: make synth"
  }

  validation {
    condition = alltrue([
      for file in fileset("${var.dist}/bootstrap", "**/*.yaml") :
      can(regex("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", basename(file))) && basename(file) != "etcd-s3.yaml"
    ])
    error_message = "A file in ${var.dist}/bootstrap has a name that RKE2 refuses (lower-case letters, digits, hyphens and dots are free), or is called etcd-s3.yaml, which Terraform writes. Rename the object in apps/, then run: make synth"
  }
}

variable "rke2_sha256" {
  description = "SHA-256 of rke2.linux-amd64.tar.gz by RKE2 version (terraform/rke2-checksums.yaml)."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for sum in values(var.rke2_sha256) : can(regex("^[0-9a-f]{64}$", sum))])
    error_message = "A checksum in rke2-checksums.yaml is not 64 hexadecimal digits. Copy the line of rke2.linux-amd64.tar.gz from the release's sha256sum-amd64.txt."
  }
}

variable "cluster_runs" {
  # A first server that starts empty founds a cluster. When it is replaced in a running cluster it
  # has to join instead, or there would be two.
  description = "Whether the cluster runs already: then server 0 joins like the others."
  type        = bool
  default     = false
}

variable "user_data_limit" {
  # Sakura publishes no figure. 64 KiB is what other clouds take; raise it once a larger one is
  # known to arrive whole.
  description = "Bytes of cloud-init text that a machine may get."
  type        = number
  default     = 65535
}

# --- secrets: they reach the nodes in their cloud-init text, and so stand in the state ------------

variable "server_token" {
  description = "RKE2's token: what servers join with, and what encrypts etcd's bootstrap data."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{32,}$", var.server_token))
    error_message = "server_token is shorter than 32 letters and digits, or has other signs in it. Make one with: openssl rand -hex 32"
  }
}

variable "agent_token" {
  description = "What agents join with; an agent that is broken into cannot become a server."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{32,}$", var.agent_token))
    error_message = "agent_token is shorter than 32 letters and digits, or has other signs in it. Make one with: openssl rand -hex 32"
  }

  validation {
    condition     = var.agent_token != var.server_token
    error_message = "agent_token equals server_token, so every agent could join as a server. Make another with: openssl rand -hex 32"
  }
}

variable "etcd_s3_access_key" {
  description = "Object storage key that RKE2 saves etcd's snapshots with."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9+/=_-]{8,}$", var.etcd_s3_access_key))
    error_message = "etcd_s3_access_key is not a key of the object storage. Copy it from Sakura's control panel (object storage, permissions)."
  }
}

variable "etcd_s3_secret_key" {
  description = "The secret half of etcd_s3_access_key."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[A-Za-z0-9+/=_-]{8,}$", var.etcd_s3_secret_key))
    error_message = "etcd_s3_secret_key is not a secret key of the object storage. Copy it from Sakura's control panel (object storage, permissions)."
  }
}

variable "console_password_hash" {
  description = "Hash of the password for Sakura's console, for the day that the network is down; SSH takes keys alone."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^\\$(6|y)\\$[A-Za-z0-9./$=,]+$", var.console_password_hash))
    error_message = "console_password_hash is not a SHA-512 or yescrypt hash. Make one with: openssl passwd -6"
  }
}
