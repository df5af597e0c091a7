"""The server as players, browsers and attackers see it: vitrine-server with the demo content, over
real sockets. Usage: test_server.py VITRINE_SERVER ENROLMENT_REQUEST SOURCE_FOLDER"""
import sys
import unittest

import abuse
import accounts
import commands
import content
import emergencies
import fleet
import imports
import measure
import people
import players
import previews
import schedule
import wishes
import workflow
from site_under_test import SITE


def main():
    suite = unittest.TestSuite()
    for module in (players, people, accounts, content, wishes, fleet, workflow, emergencies, measure, schedule, previews, commands, imports, abuse):  # last: guesses close the door for a while
        suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(module))
    passed = unittest.TextTestRunner(verbosity=1).run(suite).wasSuccessful()
    code, log = SITE.stop()
    sound = code == 0 and "ERROR: AddressSanitizer" not in log and "runtime error" not in log
    if not sound:
        print(f"the server ended with {code}\n{log[-4000:]}", file=sys.stderr)
    return 0 if passed and sound else 1


if __name__ == "__main__":
    sys.exit(main())
