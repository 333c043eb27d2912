"""`python -m pairwright`: the daemon and what surrounds it."""

import sys

from pairwright.cli import main

if __name__ == "__main__":
    sys.exit(main())
