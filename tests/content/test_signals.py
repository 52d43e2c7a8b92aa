import re

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file, get_test_image_file_jpeg

from contenthub.content.publishing import differences
from contenthub.delivery.models import Document
from tests.content.factories import ItemFactory


def test_a_picture_that_gets_another_file_is_served_from_it(admin_client, django_capture_on_commit_callbacks):
    picture = get_image_model().objects.create(title="Picture", file=get_test_image_file())
    ItemFactory(image=picture, published=True)
    before = addresses()
    upload = SimpleUploadedFile("other.jpg", get_test_image_file_jpeg().file.getvalue(), "image/jpeg")

    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(f"/admin/images/{picture.pk}/", {"title": "Picture", "file": upload})

    assert answer.status_code == 302
    assert addresses().isdisjoint(before)
    assert all(default_storage.exists(address.removeprefix("/media/")) for address in addresses())
    assert list(differences()) == []


def addresses():
    """Return the addresses of all pictures that are served."""
    (document,) = Document.objects.filter(served_until=None)
    return set(re.findall(r'"url":"(/media/[^"]+)"', document.head))
