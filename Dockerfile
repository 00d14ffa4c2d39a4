# syntax=docker/dockerfile:1
# The design systems come from npm, precompiled; nothing of Node is left in the image that runs.
FROM node:24-bookworm-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim-bookworm AS packages
WORKDIR /src
COPY requirements.txt ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app portal
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    PORTAL_VAR=/var/lib/portal PORTAL_STATIC=/app/static-collected DJANGO_SETTINGS_MODULE=protocol_portal.settings
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY protocol_portal protocol_portal
COPY clocks clocks
COPY councils councils
COPY concerns concerns
COPY correspondence correspondence
COPY disclosures disclosures
COPY grievances grievances
COPY information information
COPY operations operations
COPY referrals referrals
COPY reporting reporting
COPY rights rights
COPY studio studio
COPY locale locale
RUN python -m protocol_portal.compile_messages
COPY templates templates
COPY static static
COPY fixtures fixtures
COPY --from=assets /assets/node_modules /tmp/node_modules
# Secrets made for this one command and forgotten: collecting static files needs settings, not secrets.
RUN mkdir -p "$PORTAL_VAR/assets" "$PORTAL_VAR/media" \
 && python -m protocol_portal.vendor_assets /tmp/node_modules "$PORTAL_VAR/assets/vendor" && rm -rf /tmp/node_modules \
 && export SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
 && export PORTAL_FIELD_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
 && DATABASE_URL=postgres://none/none ALLOWED_HOSTS=none PORTAL_URL=https://none CELERY_BROKER_URL=redis://none/0 \
    CACHE_URL=rediscache://none/0 EMAIL_URL=smtp://none python manage.py collectstatic --no-input --verbosity 0 \
 && chown -R portal "$PORTAL_VAR"
USER portal
EXPOSE 8000
# One log line a request without its query; threads because a page waits for PostgreSQL more than it computes; --preload
# because the addresses and templates are then read once, before anybody is served, and shared by all processes.
CMD ["gunicorn", "protocol_portal.wsgi:application", "--bind=0.0.0.0:8000", "--preload", "--workers=2", "--threads=4", \
     "--no-control-socket", "--worker-tmp-dir=/dev/shm", "--access-logfile=-", \
     "--logger-class=protocol_portal.access_log.KeylessLogger", "--access-logformat=%(t)s %(m)s %(U)s %(s)s %(D)s"]
