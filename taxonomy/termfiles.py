"""The files that terms travel in, by suffix. Nothing here asks the database."""

from pathlib import Path

from taxonomy.termcsv import CsvReader
from taxonomy.termjson import JsonReader
from taxonomy.termrecords import FileProblems, Problem, TermFile

READERS = {".json": JsonReader, ".csv": CsvReader}


def read_term_file(path: Path, content: bytes | None = None) -> TermFile:
    """Return what the file says; ``content`` stands in for what is at the path.

    Raises:
        FileProblems: everything that is wrong with it.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise FileProblems([Problem(str(path), "", "A term file ends in .json or .csv.")])
    return reader(path, content).read()
