"""`python -m wholesale …`: the same words as `./run …`."""

import sys

from wholesale.cli.main import main

sys.exit(main(sys.argv[1:]))
