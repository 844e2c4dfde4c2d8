"""A node type and a tool for Wireloom, to copy from."""
