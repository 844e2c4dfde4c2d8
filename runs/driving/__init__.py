"""Driving runs: claimed, executed on the event loop, picked up again after a crash or a long wait."""
