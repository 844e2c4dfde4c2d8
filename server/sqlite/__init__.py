"""Django's SQLite backend, with the writers of a process in a queue."""
