"""Judges plain manifests: schemas, policy, references, order, secrets; ours or anyone's."""
