"""How fast the hub is at a real size: `make bench`. Prints tables; no test, no limit is enforced.

A throw-away database is filled: a SQLite file, or where DATABASE_URL names a PostgreSQL server, a database of its own
there, dropped at the end. BENCH_ITEMS sets how many items there are (10,000), each in three languages. ``serving``
drives the real server with wrk, and peers that answer the same, each for BENCH_SECONDS (5).

Every figure stands beside its target and beside a bare thing of the same kind measured in the same run, because a
number of seconds says little on a machine that nobody knows.

Each subject is a module with ``measure(folder) -> Iterator[Row]``, named in ``__main__.SUBJECTS`` in the order in which
they run on the same database: `make bench SUBJECTS="writing reading"` runs only those.
"""
