"""What `make` does on somebody's machine. Standard library only: it runs before anything is installed."""
