terraform {
  # 1.9: the rules of one variable may look at another one. 1.11: what the provider asks for.
  required_version = ">= 1.11"
}
