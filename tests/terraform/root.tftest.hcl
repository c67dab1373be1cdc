# The whole of terraform/ with a mocked provider: test_root.py copies it, and runs this in the copy.

mock_provider "sakura" {
  mock_resource "sakura_internet" {
    defaults = {
      id           = "100000000001"
      vswitch_id   = "100000000002"
      ip_addresses = ["203.0.113.4", "203.0.113.5", "203.0.113.6", "203.0.113.10", "203.0.113.11"]
    }
  }
  mock_resource "sakura_vswitch" {
    defaults = { id = "100000000003" }
  }
  mock_resource "sakura_disk" {
    defaults = { id = "100000000004" }
  }
  mock_resource "sakura_packet_filter" {
    defaults = { id = "100000000005" }
  }
  mock_resource "sakura_dns" {
    defaults = { id = "100000000006" }
  }
  mock_resource "sakura_object_storage_permission" {
    defaults = { access_key = "EXAMPLEACCESSKEY", secret_key = "examplesecretkey" }
  }
  mock_data "sakura_archive" {
    defaults = { id = "100000000007" }
  }
}

variables {
  cluster               = "example"
  server_token          = "example-server-token-of-32-letters-or-more"
  agent_token           = "example-agent-token-of-32-letters-or-more"
  console_password_hash = "$6$example$hash"
}

run "the_network_stage_makes_no_machine" {
  variables {
    stage = "network"
  }

  assert {
    condition     = output.nodes == {} && output.public_address == "203.0.113.10"
    error_message = "The network stage has to give the public address, and no node."
  }

  assert {
    condition = (
      length(sakura_server.first_server) == 0 && length(sakura_server.server) == 0 && length(sakura_server.agent) == 0
      && length(sakura_disk.first_server) == 0 && length(sakura_disk.server) == 0 && length(sakura_disk.agent) == 0
      && length(sakura_disk.longhorn) == 0 && length(sakura_vpn_router.gateway) == 0 && length(sakura_dsr_lb.visitors) == 0
    )
    error_message = "Something that follows from dist/ came before it."
  }
}

run "the_node_stage_makes_all" {
  assert {
    condition = { for name, server in merge(sakura_server.first_server, sakura_server.server, sakura_server.agent) : name => server.network_interface[0].user_ip_address } == {
      festival-rke2-server-0 = "192.168.0.11"
      festival-rke2-server-1 = "192.168.0.12"
      festival-rke2-server-2 = "192.168.0.13"
      festival-rke2-agent-0  = "192.168.1.1"
      festival-rke2-agent-1  = "192.168.1.2"
      festival-rke2-agent-2  = "192.168.1.3"
    }
    error_message = "A machine has another address than the plan says."
  }

  assert {
    condition     = keys(sakura_server.first_server) == ["festival-rke2-server-0"]
    error_message = "Server 0 is the first server."
  }

  assert {
    condition     = [for name, server in merge(sakura_server.first_server, sakura_server.server, sakura_server.agent) : name if strcontains(server.user_data, "/server/manifests/")] == ["festival-rke2-server-0"]
    error_message = "The bootstrap manifests belong on the first server alone."
  }

  assert {
    condition     = strcontains(sakura_server.first_server["festival-rke2-server-0"].user_data, "etcd-s3-access-key: \"EXAMPLEACCESSKEY\"")
    error_message = "The key of etcd's bucket has to reach the first server."
  }

  assert {
    condition     = alltrue([for server in values(sakura_server.agent) : length(server.disks) == 2]) && alltrue([for server in values(sakura_server.server) : length(server.disks) == 1])
    error_message = "Agents have Longhorn's disk beside their own; servers beside agents have none."
  }

  assert {
    condition     = toset([for server in merge(sakura_server.first_server, sakura_server.server) : one(server.tags)]) == toset(["@group=a", "@group=b", "@group=c"])
    error_message = "Each server has to start on another host."
  }

  assert {
    condition = (
      sakura_vpn_router.gateway[0].public_network_interface.vip == "203.0.113.4"
      && sakura_vpn_router.gateway[0].public_network_interface.ip_addresses == tolist(["203.0.113.5", "203.0.113.6"])
      && sakura_vpn_router.gateway[0].public_network_interface.aliases == tolist(["203.0.113.10"])
      && sakura_vpn_router.gateway[0].static_nat[0].public_ip == "203.0.113.10"
      && sakura_vpn_router.gateway[0].static_nat[0].private_ip == sakura_dsr_lb.visitors[0].vip[0].vip
    )
    error_message = "The public address has to lead to the load balancer's virtual address."
  }

  assert {
    condition     = sakura_vpn_router.gateway[0].public_network_interface.vrid != sakura_dsr_lb.visitors[0].network_interface.vrid
    error_message = "Router and load balancer share a switch: two with one VRID would fight."
  }

  assert {
    condition     = alltrue([for vip in sakura_dsr_lb.visitors[0].vip : toset([for server in vip.server : server.ip_address]) == toset([for server in values(sakura_server.agent) : server.network_interface[0].user_ip_address])])
    error_message = "The load balancer serves other machines than the agents."
  }

  assert {
    condition     = sakura_vpn_router.gateway[0].wire_guard == null && output.wire_guard_public_key == null && length(sakura_nfs.volumes) == 0 && length(sakura_dns.zone) == 0
    error_message = "The example has no VPN, no NFS and no zone at Sakura."
  }
}

run "a_first_server_that_is_made_anew_joins" {
  command = plan

  variables {
    cluster_runs = true
  }

  # The machine that runs keeps its text; the plan has the one that a new machine would get.
  assert {
    condition     = !strcontains(module.plan.cloud_init["festival-rke2-server-0"], "/server/manifests/")
    error_message = "Server 0 would found a second cluster."
  }
}

run "the_other_half_of_the_choices" {
  variables {
    cluster = "other"
  }

  assert {
    condition     = sakura_nfs.volumes[0].network_interface.ip_address == "192.168.0.8" && sakura_nfs.volumes[0].plan == "hdd" && length(sakura_disk.longhorn) == 0
    error_message = "NFS takes the place of Longhorn's disks."
  }

  assert {
    condition     = length(sakura_object_storage_bucket.longhorn) == 0
    error_message = "Without Longhorn there is nothing to back up to its bucket."
  }

  assert {
    condition     = sakura_dns.zone[0].zone == "festival.example" && output.dns_zone_id == "100000000006"
    error_message = "Sakura serves the zone."
  }

  assert {
    condition = (
      sakura_vpn_router.gateway[0].wire_guard.ip_address == "192.168.200.1/24"
      && sakura_vpn_router.gateway[0].wire_guard.peer[0].ip_address == "192.168.200.2"
      && sakura_vpn_router.gateway[0].wire_guard.peer[0].name == "alice"
    )
    error_message = "Administrators dial in to host 1 of the VPN's network."
  }

  assert {
    condition     = length(sakura_server.agent) == 0 && length(sakura_server.server) == 0 && length(sakura_dsr_lb.visitors[0].vip[0].server) == 1
    error_message = "The only server runs everything."
  }
}
