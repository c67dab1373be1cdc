# Where Terraform keeps its state: a bucket of Sakura's object storage. The state holds the tokens,
# the keys of the object storage and every node's user data: who reads it can take the cluster.
#
#   export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...
#   export AWS_REQUEST_CHECKSUM_CALCULATION=when_required
#   terraform init -backend-config=production.s3.tfbackend
#
# The file names the cluster's bucket; the first two variables are the bucket's key. Sakura says that
# newer AWS SDKs do not work with it: what is new is that they send checksums of their own. The third
# variable and skip_s3_checksum keep both of Terraform's away.
#
# Nothing locks the state: the object storage has no conditional writes, so use_lockfile does not
# work. One person at a time applies. Of two who did, the second's state stays; the bucket keeps the
# first's as an older version.
terraform {
  backend "s3" {
    encrypt = true

    # This is not AWS: there are no such APIs to ask.
    skip_credentials_validation = true
    skip_metadata_api_check     = true
    skip_region_validation      = true
    skip_requesting_account_id  = true
    skip_s3_checksum            = true
  }
}
