# What Terraform has to be told; all else stands in the cluster file.
#
#   export TF_VAR_cluster=production TF_VAR_server_token=...

variable "cluster" {
  description = "Name of the cluster: clusters/<name>.yaml and dist/<name>/ are read."
  type        = string

  validation {
    condition     = fileexists("${path.module}/../clusters/${var.cluster}.yaml")
    error_message = "There is no clusters/${var.cluster}.yaml. Give the name of a file there, without .yaml."
  }
}

variable "stage" {
  # The public address is known only after the router is there; dist/ holds it, and the nodes take
  # dist/ with them.
  description = "network: the public addresses, buckets and the DNS zone. nodes: all."
  type        = string
  default     = "nodes"

  validation {
    condition     = contains(["network", "nodes"], var.stage)
    error_message = "stage is \"${var.stage}\": use network (once, before anything else) or nodes."
  }
}

variable "cluster_runs" {
  description = "true once the cluster runs: a first server that is made anew then joins, instead of founding another."
  type        = bool
  default     = false
}

# --- secrets --------------------------------------------------------------------------------------
#
# They reach the nodes in their user data, which takes no ephemeral value, so they stand in the state
# too. modules/plan says what they have to look like. Give them as TF_VAR_<name>, never in a file.

variable "server_token" {
  description = "What servers join with, and what encrypts etcd's snapshots: keep it as long as those. openssl rand -hex 32"
  type        = string
  sensitive   = true
}

variable "agent_token" {
  description = "What agents join with. openssl rand -hex 32"
  type        = string
  sensitive   = true
}

variable "console_password_hash" {
  description = "Hash of the password for Sakura's console; SSH takes keys alone. openssl passwd -6"
  type        = string
  sensitive   = true
}
