"""A bare WSGI answer of 10 KB from memory: what the server itself costs."""

BODY = b"x" * 10_240


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
