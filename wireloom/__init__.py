"""Wireloom's engine: workflows, their executor, and what it needs. No Django in it."""
