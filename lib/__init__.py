"""The reusable part of yagura: turns cluster files and constructs into dist/; knows no app."""
