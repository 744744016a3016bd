"""`python -m parvis`."""

from parvis.cli import main

if __name__ == "__main__":  # processes that draft load it too, and are no command
    main()
