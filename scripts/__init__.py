"""What `make` does on a developer's or a newcomer's machine. Standard library only: it runs before anything is installed."""
