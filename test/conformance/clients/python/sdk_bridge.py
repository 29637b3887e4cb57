"""The Python SDK behind a line protocol.

Each line of the input is a request as JSON, and its answer, a line of the output, is what the
SDK's own method for that route has sent and read.
"""

import inspect
import json
import re
import sys

import stripe

REQUEST = re.compile(r'_request\(\s*"(get|post|delete)",\s*"(/v1/[^"]*)"')


class Recorder(stripe.RequestsClient):
    """Keeps the last answer as it came from the server."""

    answer = None

    def request_with_retries(self, *args, **kwargs):
        body, status, headers = super().request_with_retries(*args, **kwargs)
        text = body.decode() if isinstance(body, bytes) else body
        self.answer = {"status": status, "body": text}
        return body, status, headers


def services(parent):
    """Every service below `parent`, at any depth."""
    module = sys.modules[type(parent).__module__]
    for name in getattr(module, "_subservices", {}):
        service = getattr(parent, name)
        yield service
        yield from services(service)


def methods(client):
    """Every method of the SDK: its verb, the pattern of its path, and itself."""
    for service in services(client.v1):
        for name, method in inspect.getmembers(service, inspect.ismethod):
            found = None if name.startswith("_") else REQUEST.search(inspect.getsource(method))
            if found:
                verb, path = found.groups()
                pattern = re.compile(re.sub(r"\{\w+\}", r"([^/]+)", path) + "$")
                yield verb.upper(), pattern, method


def find(known, verb, path):
    """The method of a route and the ids in the path; the one with fewest ids fits best."""
    fitting = [
        (match.groups(), method)
        for known_verb, pattern, method in known
        if known_verb == verb and (match := pattern.match(path))
    ]
    return min(fitting, key=lambda fit: len(fit[0]), default=None)


def run(known, recorder, wanted):
    found = find(known, wanted["method"], wanted["path"])
    if found is None:
        return {"failure": f"the SDK has no method for {wanted['method']} {wanted['path']}"}
    ids, method = found
    recorder.answer = None
    try:
        read = method(*ids, params=wanted["params"])
        if json.loads(str(read)) != json.loads(recorder.answer["body"]):
            return {"failure": f"the SDK reads {read}, not {recorder.answer['body']}"}
    except stripe.StripeError as error:
        if recorder.answer is None:
            return {"failure": repr(error)}
    except Exception as error:
        return {"failure": repr(error)}
    return recorder.answer


def main():
    recorder = Recorder()
    client = stripe.StripeClient(
        "sk_test_python",
        base_addresses={"api": sys.argv[1], "meter_events": sys.argv[1]},
        http_client=recorder,
        max_network_retries=0,
    )
    known = list(methods(client))
    for line in sys.stdin:
        print(json.dumps(run(known, recorder, json.loads(line))), flush=True)


main()
