"""The reusable part of yagura: turns cluster files and constructs into dist/; knows no app."""

from lib import byte_code

byte_code.install(__path__[0].rpartition("/")[0])
