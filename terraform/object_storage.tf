# Buckets outside the cluster, for what has to survive it, and a key for each that opens no other.

locals {
  site = local.cluster.object_storage.site
}

# --- etcd's snapshots -----------------------------------------------------------------------------

resource "sakura_object_storage_bucket" "etcd" {
  name    = module.plan.buckets.etcd
  site_id = local.site

  lifecycle {
    prevent_destroy = true
  }
}

# Reaches the first server in its user data.
resource "sakura_object_storage_permission" "etcd" {
  name    = "${local.prefix}-etcd"
  site_id = local.site

  bucket_controls = [{
    bucket    = sakura_object_storage_bucket.etcd.name
    can_read  = true
    can_write = true
  }]
}

# --- Longhorn's backups ---------------------------------------------------------------------------

resource "sakura_object_storage_bucket" "longhorn" {
  count = local.cluster.storage.kind == "longhorn" ? 1 : 0

  name    = module.plan.buckets.longhorn
  site_id = local.site

  lifecycle {
    prevent_destroy = true
  }
}

# Goes into Vault by hand; docs/terraform.md says how.
resource "sakura_object_storage_permission" "longhorn" {
  count = local.cluster.storage.kind == "longhorn" ? 1 : 0

  name    = "${local.prefix}-longhorn"
  site_id = local.site

  bucket_controls = [{
    bucket    = sakura_object_storage_bucket.longhorn[0].name
    can_read  = true
    can_write = true
  }]
}

# --- Terraform's state ----------------------------------------------------------------------------

# Made by hand, because `terraform init` needs it already, and then imported.
resource "sakura_object_storage_bucket" "terraform" {
  name    = module.plan.buckets.terraform
  site_id = local.site

  lifecycle {
    prevent_destroy = true
  }
}

# Only for the next resource; people use the key that was made by hand with the bucket.
resource "sakura_object_storage_permission" "terraform" {
  name    = "${local.prefix}-terraform"
  site_id = local.site

  bucket_controls = [{
    bucket    = sakura_object_storage_bucket.terraform.name
    can_read  = true
    can_write = true
  }]
}

# The way back from a broken state, and from two people who applied at once.
resource "sakura_object_storage_bucket_versioning" "terraform" {
  bucket     = sakura_object_storage_bucket.terraform.name
  endpoint   = module.plan.object_storage.endpoint
  region     = module.plan.object_storage.region
  access_key = sakura_object_storage_permission.terraform.access_key
  secret_key = sakura_object_storage_permission.terraform.secret_key

  versioning_configuration = {
    status = "Enabled"
  }
}
