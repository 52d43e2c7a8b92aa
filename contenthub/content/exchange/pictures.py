"""Pictures that come and go with a file of content: they lie in the folder ``pictures`` beside it.

A picture is known by what it shows (a digest of the file), so that it is stored once however often it is imported.
"""

import shutil
import warnings
from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError
from wagtail.images import get_image_model

from ..images import MAIN, SOURCES

FOLDER = "pictures"
FORMATS = ("GIF", "JPEG", "PNG", "WEBP", "AVIF")
MOST_PIXELS = 50_000_000  # of all frames together


class Pictures:
    """What lines call pictures: those stored, and those beside the content file at ``folder``.

    With ``storing`` a picture is stored when a line first names it; else one that is not stored has the id 0, and
    ``times_unstored`` counts how often one was named.
    """

    def __init__(self, folder: Path | None = None, *, storing: bool = False) -> None:
        self.folder = folder
        self.storing = storing
        self.times_unstored = 0
        self._ids: dict[str, int] = {}
        self._refused: dict[str, str] = {}
        self._names: dict[int, str] = {}
        for pk, file in get_image_model().objects.order_by("pk").values_list("pk", "file"):
            self._remember(pk, file)

    def id_of(self, name: Any, *, alt: str = "") -> int:
        """Return the id of the picture that a line calls ``name``.

        Raises:
            ValidationError: it is not beside the file, or is no picture that could be shown.
        """
        if not isinstance(name, str) or not name:
            raise ValidationError("expected the name of a picture in file")
        if name in self._refused:
            raise ValidationError(self._refused[name])
        if name not in self._ids:
            try:
                self._ids[name] = self._found(name, alt)
            except ValidationError as error:
                self._refused[name] = error.message
                raise
        self.times_unstored += not self._ids[name]
        return self._ids[name]

    def name_of(self, pk: int | None) -> str | None:
        """Return what lines call a stored picture; None where there is none."""
        return self._names.get(pk)

    def copy_out(self, ids: Iterable[int], folder: Path) -> None:
        """Write stored pictures beside an exported file in ``folder``."""
        for image in get_image_model().objects.filter(pk__in=set(ids)).iterator(chunk_size=500):
            target = folder / self._names[image.pk]
            target.parent.mkdir(exist_ok=True)
            with image.file.open("rb") as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)

    def _remember(self, pk: int, file: str) -> None:
        name = f"{FOLDER}/{PurePosixPath(file).name}"
        self._names[pk] = f"{FOLDER}/{pk}-{PurePosixPath(file).name}" if name in self._names.values() else name

    def _found(self, name: str, alt: str) -> int:
        path = self._path(name)
        with path.open("rb") as file:
            digest = file_digest(file, "sha1").hexdigest()
        stored = get_image_model().objects.filter(file_hash=digest).order_by("pk").values_list("pk", flat=True).first()
        if stored:
            return stored
        refuse_unshowable(path, name)
        return self._store(path, alt) if self.storing else 0

    def _path(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if self.folder is None or len(parts) != 2 or parts[0] != FOLDER or parts[1] == ".." or "\\" in name:
            raise ValidationError(f"{name[:100]} does not lie in the folder {FOLDER} beside the file")
        path = self.folder / name
        if len(name) > 200 or not path.is_file():
            raise ValidationError(f"there is no picture {name[:100]}")
        if path.resolve().parent != (self.folder / FOLDER).resolve():
            raise ValidationError(f"{name} does not lie in the folder {FOLDER} beside the file")
        return path

    def _store(self, path: Path, alt: str) -> int:
        with path.open("rb") as file:
            image = get_image_model()(title=path.stem, description=alt[:255])
            image.file = File(file, name=path.name)
            image.file_size = path.stat().st_size
            image._set_file_hash()
            image.file.seek(0)
            image.save()
        image.get_renditions(MAIN, *SOURCES)
        self._remember(image.pk, image.file.name)
        return image.pk


def refuse_unshowable(path: Path, name: str) -> None:
    """Raise ValidationError where a file is no picture, or one that would take too much to decode."""
    if path.suffix.lower()[1:] not in settings.WAGTAILIMAGES_EXTENSIONS:
        raise ValidationError(f"{name}: pictures end in {', '.join(settings.WAGTAILIMAGES_EXTENSIONS)}")
    if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        raise ValidationError(f"{name} is larger than {settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE} bytes")
    try:
        # Pillow warns of what looks like a decompression bomb; the limit here is lower.
        with warnings.catch_warnings(action="ignore"), PillowImage.open(path, formats=FORMATS) as picture:
            pixels = picture.width * picture.height * getattr(picture, "n_frames", 1)
            if pixels > MOST_PIXELS:
                raise ValidationError(f"{name} has {pixels} pixels, more than {MOST_PIXELS}")
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        raise ValidationError(f"{name} is no picture that can be read") from error
