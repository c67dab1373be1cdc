"""The gate's commands: dist/ or anyone's manifests in, the judgement of ``lib.checks`` out."""
