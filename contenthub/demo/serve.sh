#!/bin/sh
# Prepares the demo hub and serves it until it is interrupted. Called by `make demo` with the folder of its Python.
set -eu
bin=$1
port=${PORT:-8000}

export DEBUG=0
export SECURE_SSL_REDIRECT=0 SECURE_HSTS_SECONDS=0
export SECRET_KEY=${SECRET_KEY:-demo-only-$(id -u)-not-for-production-use-because-anyone-can-guess-it}
export HUB_ANONYMOUS_ACCESS=1 HUB_ANONYMOUS_RIGHTS=time,variants,introspection
export BASE_URL=http://127.0.0.1:$port
export ALLOWED_HOSTS=127.0.0.1,localhost

mkdir -p static
echo "== Preparing the database"
"$bin/python" manage.py migrate --verbosity 0
echo "== Loading the demo content"
"$bin/python" manage.py load_demo
"$bin/python" manage.py load_operations

"$bin/python" manage.py run_scheduler &
scheduler=$!
trap 'kill $scheduler 2>/dev/null || true' EXIT INT TERM

echo "== Serving: admin http://127.0.0.1:$port/admin/  GraphQL http://127.0.0.1:$port/graphql  (Ctrl+C ends it)"
"$bin/granian" --interface wsgi --host 127.0.0.1 --port "$port" --workers 1 --blocking-threads 2 --log-level warning \
    contenthub.wsgi:application
