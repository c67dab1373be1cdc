"""Constructs become manifests, manifests become text, and dist/ becomes exactly that text."""
