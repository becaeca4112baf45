"""Every flow through the deployed template, with the real bootstraps under their own roles."""

import sys
import unittest

from adopting import Adopting
from afterwards import Afterwards
from connecting import Connecting
from operating import Operating
from reminders import Reminders
from scene import make_a_token_due, register, world
from stages import Stages
from tokens import Tokens


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(map(loader.loadTestsFromTestCase, (Connecting, Operating, Reminders, Tokens, Afterwards, Adopting, Stages)))


if __name__ == "__main__":
    try:
        world.begin(skip_build="--skip-build" in sys.argv)
        register()
        make_a_token_due()
        unittest.main(argv=[argument for argument in sys.argv if argument != "--skip-build"], verbosity=2)
    finally:
        world.stop()
