import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image as PillowImage
from wagtail.images import get_image_model

from contenthub.content.models import ContentItem
from contenthub.content.publishing import differences
from tests.content.files import counts, exported, imported, line, problems

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]


def draw(path: Path, colour: str = "red", size: tuple[int, int] = (40, 30)) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    PillowImage.new("RGB", size, colour).save(path)
    return path


def bomb(path: Path) -> None:
    """Write a PNG of a few bytes that says it is 10,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def showing(file: str) -> dict:
    return line(image={"file": file, "alt": "What it shows"})


def test_pictures_go_in_once_and_again_changes_nothing(tmp_path):
    draw(tmp_path / "pictures" / "a.png")
    draw(tmp_path / "pictures" / "same.png")
    draw(tmp_path / "pictures" / "b.png", "blue")
    draw(tmp_path / "pictures" / "unnamed.png", "green")
    block = {"type": "image", "key": "i", "image": {"file": "pictures/b.png", "alt": "B"}, "caption": "Blue"}
    lines = [
        showing("pictures/a.png") | {"body": [block]},
        line(id="page/2", slug="2", image={"file": "pictures/same.png"}),
    ]

    first, second = imported(tmp_path, *lines), imported(tmp_path, *lines)

    assert (counts(first), counts(second)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert sorted(get_image_model().objects.values_list("title", "description")) == [("a", "What it shows"), ("b", "B")]


def test_pictures_travel_to_another_hub(tmp_path):
    draw(tmp_path / "here" / "pictures" / "a.png")
    draw(tmp_path / "here" / "pictures" / "b.png", "blue")
    block = {"type": "image", "key": "i", "image": {"file": "pictures/b.png"}}
    imported(tmp_path / "here", line(image={"file": "pictures/a.png", "alt": "A", "credit": "Me"}, body=[block]))
    (tmp_path / "there").mkdir()
    first = exported(tmp_path / "there")

    ContentItem.objects.all().delete()
    get_image_model().objects.all().delete()
    report = imported(tmp_path / "there", *first)

    assert counts(report) == (1, 0, 0, 0)
    row = ContentItem.objects.get()
    assert PillowImage.open(row.image.file).getpixel((0, 0)) == (255, 0, 0)
    assert get_image_model().objects.count() == 2
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("pictures/none.png", "image: there is no picture pictures/none.png"),
        ("a.png", "image: a.png does not lie in the folder pictures beside the file"),
        ("pictures/../a.png", "image: pictures/../a.png does not lie in the folder pictures beside the file"),
        ("../pictures/a.png", "image: ../pictures/a.png does not lie in the folder pictures beside the file"),
        ("/etc/passwd", "image: /etc/passwd does not lie in the folder pictures beside the file"),
        ("pictures/link.png", "image: pictures/link.png does not lie in the folder pictures beside the file"),
        ("pictures/text.png", "image: pictures/text.png is no picture that can be read"),
        ("pictures/cut.png", "image: pictures/cut.png is no picture that can be read"),
        ("pictures/bomb.png", "image: pictures/bomb.png has 100000000 pixels, more than 50000000"),
        ("pictures/draw.svg", "image: pictures/draw.svg: pictures end in gif, jpg, jpeg, png, webp, avif"),
        (7, "image: expected the name of a picture in file"),
        (None, "image: expected the name of a picture in file"),
    ],
)
def test_what_is_no_picture_beside_the_file_is_refused(tmp_path, file, message):
    outside = draw(tmp_path / "a.png")
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "link.png").symlink_to(outside)
    (folder / "text.png").write_text("I am a picture")
    (folder / "draw.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    whole = draw(folder / "whole.png", size=(400, 300)).read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    bomb(folder / "bomb.png")

    report = imported(tmp_path, showing(file), line(id="page/good", slug="good"))

    assert problems(report) == [f"line 1: {message}"]
    assert counts(report) == (1, 0, 0, 1)
    assert get_image_model().objects.count() == 0


def test_a_picture_that_is_too_large_is_refused(tmp_path, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 50
    draw(tmp_path / "pictures" / "a.png")

    report = imported(tmp_path, showing("pictures/a.png"))

    assert problems(report) == ["line 1: image: pictures/a.png is larger than 50 bytes"]


def test_a_check_stores_no_picture(tmp_path):
    draw(tmp_path / "pictures" / "a.png")

    report = imported(tmp_path, showing("pictures/a.png"), check_only=True)

    assert counts(report) == (1, 0, 0, 0)
    assert get_image_model().objects.count() == 0
