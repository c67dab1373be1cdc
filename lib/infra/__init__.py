"""The machines below a cluster: which there are, what they cost, and whether dist/ fits them."""
