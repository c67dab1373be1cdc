terraform {
  # 1.11: what the provider asks for.
  required_version = ">= 1.11"

  required_providers {
    sakura = {
      source = "sacloud/sakura"
      # Its arguments stand in schemas/terraform/; make them anew after a change of the version.
      version = "3.12.8"
    }
  }
}

# The API key comes from SAKURA_ACCESS_TOKEN and SAKURA_ACCESS_TOKEN_SECRET.
provider "sakura" {
  zone = local.cluster.sakura.zone
}
