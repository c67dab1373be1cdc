# Real applies of the plan, for clusters of every size: terraform init && terraform test
#
# Nothing is created: the module has no provider. tests/terraform/ checks the texts themselves.

variables {
  cluster               = yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml"))
  dist                  = "../../../tests/terraform/fixtures/dist/example"
  rke2_sha256           = { "v1.36.3+rke2r1" = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }
  server_token          = "example-server-token-of-32-letters-or-more"
  agent_token           = "example-agent-token-of-32-letters-or-more"
  etcd_s3_access_key    = "EXAMPLEACCESSKEY"
  etcd_s3_secret_key    = "examplesecretkey"
  console_password_hash = "$6$example$hash"
}

run "three_servers_and_three_agents" {
  assert {
    condition = { for name, node in output.nodes : name => node.address } == {
      festival-rke2-server-0 = "192.168.0.11"
      festival-rke2-server-1 = "192.168.0.12"
      festival-rke2-server-2 = "192.168.0.13"
      festival-rke2-agent-0  = "192.168.1.1"
      festival-rke2-agent-1  = "192.168.1.2"
      festival-rke2-agent-2  = "192.168.1.3"
    }
    error_message = "A node has another address than the plan says."
  }

  assert {
    condition = jsonencode(output.network) == jsonencode({
      node_cidr                     = "192.168.0.0/22"
      netmask                       = 22
      gateway_address               = "192.168.0.1"
      kube_api_address              = "192.168.0.2"
      router_addresses              = ["192.168.0.3", "192.168.0.4"]
      load_balancer_addresses       = ["192.168.0.5", "192.168.0.6"]
      load_balancer_virtual_address = "192.168.0.7"
      nfs_address                   = null
      name_servers                  = ["133.242.0.3", "133.242.0.4"]
    })
    error_message = "An address beside the nodes is not the plan's."
  }

  assert {
    condition = alltrue([
      for vip in output.load_balancer_vips :
      toset([for server in vip.server : server.ip_address]) == toset(["192.168.1.1", "192.168.1.2", "192.168.1.3"])
    ])
    error_message = "The load balancer serves other machines than the agents."
  }

  assert {
    condition     = toset(keys(output.cloud_init)) == toset(keys(output.nodes))
    error_message = "A node has no cloud-init text."
  }

  assert {
    condition     = [for name, text in output.cloud_init : name if strcontains(text, "/var/lib/rancher/rke2/server/manifests/")] == ["festival-rke2-server-0"]
    error_message = "Another node than the first server gets the bootstrap folder."
  }

  assert {
    condition     = [for name, text in output.cloud_init : name if !strcontains(text, "server: https://192.168.0.2:9345")] == ["festival-rke2-server-0"]
    error_message = "Only the first server must not join another."
  }

  assert {
    condition     = output.static_nat == [{ public_ip = "203.0.113.10", private_ip = "192.168.0.7" }]
    error_message = "The public address does not lead to the load balancer."
  }
}

run "a_first_server_that_is_replaced_joins" {
  variables {
    cluster_runs = true
  }

  assert {
    condition     = strcontains(output.cloud_init["festival-rke2-server-0"], "server: https://192.168.0.2:9345")
    error_message = "Server 0 would found a second cluster."
  }

  assert {
    condition     = !strcontains(output.cloud_init["festival-rke2-server-0"], "/server/manifests/")
    error_message = "Server 0 would apply the bootstrap folder again."
  }
}

run "one_server_without_agents_runs_everything" {
  variables {
    cluster = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")), {
      servers = { count = 1, cores = 4, memory_gb = 8, os_disk_gb = 40 }
      agents  = { count = 0, cores = 2, memory_gb = 4, os_disk_gb = 20 }
    })
  }

  assert {
    condition     = keys(output.nodes) == ["festival-rke2-server-0"] && keys(output.data_disks) == ["festival-rke2-server-0"]
    error_message = "The only server needs Longhorn's disk."
  }

  assert {
    condition     = alltrue([for vip in output.load_balancer_vips : [for server in vip.server : server.ip_address] == ["192.168.0.11"]])
    error_message = "The load balancer has to serve the only server."
  }

  assert {
    condition     = strcontains(output.cloud_init["festival-rke2-server-0"], "addresses: [192.168.0.7/32]")
    error_message = "The only server has to hold the load balancer's virtual address."
  }

  assert {
    condition     = anytrue([for rule in output.packet_filters.server : rule.destination_port == "443"])
    error_message = "The packet filter of the servers keeps visitors out."
  }
}

run "five_servers_and_one_agent" {
  variables {
    cluster = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")), {
      servers = { count = 5, cores = 4, memory_gb = 8, os_disk_gb = 40 }
      agents  = { count = 1, cores = 8, memory_gb = 16, os_disk_gb = 100 }
    })
  }

  assert {
    condition     = [for i in range(5) : output.nodes["festival-rke2-server-${i}"].address] == [for i in range(5) : "192.168.0.${11 + i}"]
    error_message = "The servers do not follow each other from host 11."
  }

  assert {
    condition     = keys(output.data_disks) == ["festival-rke2-agent-0"]
    error_message = "With an agent the servers need no disk for Longhorn."
  }

  assert {
    condition     = !anytrue([for rule in output.packet_filters.server : rule.destination_port == "443"])
    error_message = "With an agent the servers serve no visitors."
  }

  assert {
    condition     = [for name, text in output.cloud_init : name if strcontains(text, "192.168.0.7/32")] == ["festival-rke2-agent-0"]
    error_message = "Only the agent answers for the load balancer's virtual address."
  }
}

run "forty_agents" {
  variables {
    cluster = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")), {
      agents = { count = 40, cores = 8, memory_gb = 16, os_disk_gb = 100 }
    })
  }

  assert {
    condition     = [for i in range(40) : output.nodes["festival-rke2-agent-${i}"].address] == [for i in range(40) : "192.168.1.${1 + i}"]
    error_message = "The agents do not follow each other from host 257."
  }

  assert {
    condition     = alltrue([for vip in output.load_balancer_vips : length(vip.server) == 40])
    error_message = "The load balancer has to serve all agents."
  }
}

run "volumes_on_nfs" {
  variables {
    cluster = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")), {
      storage = { kind = "nfs", plan = "hdd", size_gb = 8192 }
    })
  }

  assert {
    condition     = output.nfs == { plan = "hdd", size_gb = 8192, address = "192.168.0.8" } && output.data_disks == {}
    error_message = "NFS needs its appliance and no disks."
  }

  assert {
    condition     = !anytrue([for text in values(output.cloud_init) : strcontains(text, "./data-disk.sh")])
    error_message = "No node has a disk to mount."
  }

  assert {
    condition     = output.buckets == { etcd = "festival-example-etcd", terraform = "festival-example-terraform" }
    error_message = "NFS has no bucket for Longhorn's backups."
  }
}

run "a_standard_load_balancer_and_given_addresses" {
  variables {
    cluster = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")), {
      sakura = merge(yamldecode(file("../../../tests/terraform/fixtures/clusters/example.yaml")).sakura, {
        vpc_router    = { plan = "highspec", addresses = ["192.168.0.9", "192.168.0.10"] }
        load_balancer = { plan = "standard", virtual_address = "192.168.0.3" }
        vpn = {
          cidr  = "192.168.200.0/24"
          peers = [{ name = "alice", address = "192.168.200.2", public_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" }]
        }
      })
    })
  }

  assert {
    condition = (
      output.network.router_addresses == tolist(["192.168.0.9", "192.168.0.10"]) &&
      output.network.load_balancer_addresses == tolist(["192.168.0.5"]) &&
      output.network.load_balancer_virtual_address == "192.168.0.3"
    )
    error_message = "Addresses that the file gives replace the plan's own."
  }

  assert {
    condition = alltrue([
      for rules in values(output.packet_filters) :
      anytrue([for rule in rules : rule.source_network == "192.168.200.0/24" && rule.allow])
    ])
    error_message = "Administrators on the VPN have to reach the nodes."
  }
}
