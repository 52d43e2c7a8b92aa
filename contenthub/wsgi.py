"""The door for a WSGI server."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from contenthub.delivery.timeouts import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contenthub.settings")

application = get_wsgi_application()
limit_statements(settings.HUB_STATEMENT_SECONDS)
