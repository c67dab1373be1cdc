"""One module per system: file name = namespace (where it has its own) = folder in dist/.

lib.constructs has to be loaded before cdk8s: it finds a fitting Node.js for it.
"""

import lib.constructs  # noqa: F401
