"""Keeps a ledger from being written: holds SQLite's write lock until it is ended.

usage: hold_ledger.py LEDGER
"""

import signal
import sqlite3
import sys

ledger = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
ledger.execute("BEGIN IMMEDIATE")
print("held", flush=True)
signal.pause()
