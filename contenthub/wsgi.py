"""The door for a WSGI server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from contenthub.delivery.healthchecks import trust_connections_in_use
from contenthub.delivery.timeouts import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contenthub.settings")

application = get_wsgi_application()
limit_statements(settings.HUB_STATEMENT_SECONDS)
trust_connections_in_use()

# What is loaded by now stays, and nothing of an answer refers to itself: there is little to find, so look seldom.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
