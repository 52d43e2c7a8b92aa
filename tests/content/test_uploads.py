"""What is too large to be kept is refused on the form."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Picture
from wagtail.images import get_image_model


def test_a_picture_of_a_hundred_megabytes_is_refused_and_not_kept(admin_client):
    picture = BytesIO()
    Picture.new("RGB", (8, 8), "teal").save(picture, "PNG")
    upload = SimpleUploadedFile("large.png", picture.getvalue() + b"\0" * 100_000_000, "image/png")

    answer = admin_client.post("/admin/images/add/", {"title": "Large", "file": upload})

    assert answer.status_code == 200
    assert "This file is too big" in answer.content.decode()
    assert get_image_model().objects.count() == 0


def test_a_picture_that_is_no_picture_is_refused_and_not_kept(admin_client):
    upload = SimpleUploadedFile("script.png", b"<svg onload='alert(1)'/>", "image/png")

    answer = admin_client.post("/admin/images/add/", {"title": "Script", "file": upload})

    assert answer.status_code == 200
    assert get_image_model().objects.count() == 0
