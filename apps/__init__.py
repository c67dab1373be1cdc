"""One module per system: file name = namespace (where it has its own) = folder in dist/.

Every app builds on lib.constructs, which has to be first: it finds the node that cdk8s runs in.
"""

import lib.constructs  # noqa: F401
