"""Node.js, in which cdk8s runs: which one, and its early start.

It lies outside of lib.constructs because importing anything from there loads cdk8s, and node is to
be started before that.
"""
