"""The history of a home: what is in its database, and databases made for tests."""
import contextlib
import sqlite3

import sv


ROUTINE = """[routine]
title = Short one
caution = Stop if it hurts.
closing = That was it.
[one]
title = First
say = Now.
hold = 2s
sides = left, right
[two]
say = Then.
hold = 2-4s
reps = 2
[three]
say = At last.
hold = 2s
"""

# Options of a session that takes no time.
FAST = ("--device", "null:fast")


def path(home):
    return home.path("data/stretchvoice/history.db")


@contextlib.contextmanager
def opened(home):
    """The database, as another program sees it."""
    database = sqlite3.connect(path(home), timeout=30)
    database.row_factory = sqlite3.Row
    try:
        yield database
    finally:
        database.close()


def tables(home):
    """Their names; none while the database is not made."""
    if not path(home).exists():
        return []
    with opened(home) as database:
        return [row["name"] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


def rows(home, table="session"):
    """As dictionaries; none while there is no table."""
    if table not in tables(home):
        return []
    with opened(home) as database:
        order = {"session": "id", "step": "session, number", "routine": "name", "left_out": "routine, step"}[table]
        return [dict(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY {order}")]


def wait_rows(home, count, table="session"):
    return sv.wait_for(lambda: len(found := rows(home, table)) >= count and found, f"{count} rows of {table}")


# The first form of the database, as it was released.
FORM_1 = """
CREATE TABLE session (id INTEGER PRIMARY KEY AUTOINCREMENT, routine TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
 file TEXT NOT NULL, begun INTEGER NOT NULL, begun_zone INTEGER NOT NULL, ended INTEGER NOT NULL, ended_zone INTEGER NOT NULL,
 seconds INTEGER NOT NULL, holds_done INTEGER NOT NULL, holds INTEGER NOT NULL, level INTEGER NOT NULL, skipped TEXT NOT NULL,
 longer TEXT NOT NULL, easier TEXT NOT NULL, complete INTEGER NOT NULL, rating TEXT, pain INTEGER, note TEXT);
CREATE INDEX session_begun ON session (begun, begun_zone, seconds);
CREATE INDEX session_routine ON session (routine, begun, begun_zone);
CREATE TABLE step (session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE, number INTEGER NOT NULL, name TEXT NOT NULL,
 title TEXT NOT NULL, seconds INTEGER NOT NULL, holds_done INTEGER NOT NULL, holds INTEGER NOT NULL, level INTEGER NOT NULL,
 skipped INTEGER NOT NULL, longer INTEGER NOT NULL, easier INTEGER NOT NULL, PRIMARY KEY (session, number)) WITHOUT ROWID;
PRAGMA user_version = 1;
"""

SESSION = {"routine": "neck", "title": "Neck", "language": "en", "file": "/neck.ini", "begun": 0, "begun_zone": 0, "ended": 0,
           "ended_zone": 0, "seconds": 600, "holds_done": 8, "holds": 8, "level": 0, "skipped": "", "longer": "", "easier": "",
           "complete": 1, "rating": None, "pain": None, "note": None}


def make_form_1(home, *sessions):
    """What an earlier version has left."""
    path(home).parent.mkdir(exist_ok=True)
    with opened(home) as database:
        database.executescript(FORM_1)
        add(database, sessions)


def add(database, sessions):
    """Each is a dictionary of what differs from SESSION."""
    columns = ", ".join(SESSION)
    values = ", ".join(f":{name}" for name in SESSION)
    database.executemany(f"INSERT INTO session ({columns}) VALUES ({values})", ({**SESSION, **session} for session in sessions))
    database.commit()
