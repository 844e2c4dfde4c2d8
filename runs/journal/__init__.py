"""The journal of runs: events in, rows out, nothing published before it is committed."""
