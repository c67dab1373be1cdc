"""Programs for the maintainers of yagura: what they make is committed, users never run them."""
