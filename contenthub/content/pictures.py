"""Pictures that come and go with a file of content: they lie in the folder ``pictures`` beside it.

A picture is known by what it shows (a digest of the file), so that it is stored once however often it is imported.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha1
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files import File
from wagtail.images import get_image_model

from .images import MAIN, SOURCES

FOLDER = "pictures"


def beside(folder: Path) -> dict[str, Path]:
    """Return the pictures that lie beside a content file, by the name that its lines call them."""
    pictures = folder / FOLDER
    if not pictures.is_dir():
        return {}
    files = (file for file in pictures.iterdir() if file.suffix.lower()[1:] in settings.WAGTAILIMAGES_EXTENSIONS)
    return {f"{FOLDER}/{file.name}": file for file in sorted(files) if file.is_file()}


def ids_by_file(files: Mapping[str, Path]) -> dict[str, int]:
    """Return the id under which each picture is stored; 0 where it is not stored yet."""
    digests = {name: sha1(path.read_bytes(), usedforsecurity=False).hexdigest() for name, path in files.items()}
    stored = dict(
        get_image_model().objects.filter(file_hash__in=digests.values()).order_by("-pk").values_list("file_hash", "pk")
    )
    return {name: stored.get(digest, 0) for name, digest in digests.items()}


def files_by_id(ids: Mapping[str, int]) -> dict[int, str]:
    """Return what lines call each stored picture: as in the folder at hand (``ids``), else by its stored file."""
    stored = get_image_model().objects.values_list("pk", "file")
    names = {pk: f"{FOLDER}/{PurePosixPath(file).name}" for pk, file in stored}
    return names | {pk: name for name, pk in ids.items() if pk}


def named_in(line: Any) -> Iterator[tuple[str, str]]:
    """Yield file and alternative text of every picture that a line names."""
    if isinstance(line, dict):
        if isinstance(line.get("file"), str):
            yield line["file"], str(line.get("alt") or "")
        for value in line.values():
            yield from named_in(value)
    elif isinstance(line, list):
        for value in line:
            yield from named_in(value)


def store(folder: Path, named: Mapping[str, str]) -> None:
    """Store those of the named pictures that are not stored yet, each with its alternative text and renditions."""
    files = beside(folder)
    for name, pk in ids_by_file({name: files[name] for name in named if name in files}).items():
        if pk:
            continue
        with files[name].open("rb") as file:
            image = get_image_model()(title=files[name].stem, description=named[name][:255])
            image.file = File(file, name=files[name].name)
            image.file_size = files[name].stat().st_size
            image.file.seek(0)
            image._set_file_hash()
            image.file.seek(0)
            image.save()
        image.get_renditions(MAIN, *SOURCES)


def copy_out(ids: Iterable[int], folder: Path, names: Mapping[int, str]) -> None:
    """Write stored pictures into the folder beside an exported file."""
    for image in get_image_model().objects.filter(pk__in=set(ids)):
        target = folder / names[image.pk]
        target.parent.mkdir(exist_ok=True)
        with image.file.open("rb") as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
