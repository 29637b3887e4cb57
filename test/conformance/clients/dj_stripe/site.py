"""A Django site with dj-stripe.

Its parameters are the sandbox's URL and the webhook's secret. It prints its webhook's URL; each
further line of the input names models to sync, or is "triggers", and is answered by a line of JSON.
"""

import io
import json
import sys
import tempfile
import threading
import uuid
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from django.conf import settings
from django.core.management import call_command

URL, SECRET = sys.argv[1:3]
KEY = "sk_test_0123456789abcdefghijklmn"
FOLDER = tempfile.TemporaryDirectory()

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER.name + "/site"}},
    DJSTRIPE_FOREIGN_KEY_TO_FIELD="id",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "djstripe"],
    LOGGING_CONFIG=None,
    MIGRATION_MODULES={"auth": None, "contenttypes": None, "djstripe": None},
    ROOT_URLCONF="djstripe.urls",
    SECRET_KEY="secret",
    STRIPE_API_HOST=URL,
    STRIPE_LIVE_MODE=False,
    STRIPE_TEST_SECRET_KEY=KEY,
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from djstripe.models import WebhookEndpoint, WebhookEventTrigger  # noqa: E402


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_):
        pass


def sync(models):
    """What went wrong when each of the models was synced; empty where nothing did."""
    problems = {}
    for model in models:
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("djstripe_sync_models", model, stdout=out, stderr=err, fail_on_error=True)
            problems[model] = ""
        except Exception as error:
            problems[model] = f"{error} {err.getvalue()} {out.getvalue()[-300:]}"
    return problems


def triggers():
    """Every webhook that came, with what went wrong when it was handled."""
    return [
        {"type": json.loads(trigger.body)["type"], "problem": trigger.exception}
        for trigger in WebhookEventTrigger.objects.order_by("id")
    ]


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    endpoint = WebhookEndpoint.objects.create(
        id="we_site",
        api_version="2026-10-28.endive",
        djstripe_uuid=uuid.uuid4(),
        enabled_events=["*"],
        livemode=False,
        secret=SECRET,
        status="enabled",
        url="http://127.0.0.1/",
    )
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}/webhook/{endpoint.djstripe_uuid}/", flush=True)
    for line in sys.stdin:
        words = line.split()
        answer = triggers() if words == ["triggers"] else sync(words)
        print(json.dumps(answer), flush=True)


main()
