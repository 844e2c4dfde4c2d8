"""A room for people's Python: each run in a process of its own, which sees nothing and leaves nothing behind."""
